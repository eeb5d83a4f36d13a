/** A second party beside the organisers: named by them, and what it says of the roll in its own name. */

import { Message, RuleBroken } from '../../errors.ts';
import { parsePublicKey, verifyEd25519 } from '../../primitives/ed25519.ts';
import { bytesOf, signedBytes, verifyQuorum } from '../entry.ts';
import { type AttesterNamed, MAX_ATTESTERS, type RollAttested } from '../kinds.ts';
import { checkDate } from './group.ts';
import { noteCommitments, type Rule, requireTime } from './rule.ts';

/** A key that is nobody else's in this record, from now on; who holds it the organisers say. */
export const attesterNamed: Rule<AttesterNamed> = {
  check(state, { entry, time }) {
    const { data: group } = state.opened;
    const { key } = entry.data;
    verifyQuorum(group, entry);
    requireTime(state, time);
    parsePublicKey('key', bytesOf(key));
    // Who attests themself is no second party.
    const taken = [...group.organisers.map((one) => one.key), group.log_key, group.receipt_key];
    if (taken.includes(key) || state.attesters.has(key)) {
      throw new RuleBroken('key', "one that is nobody else's in this record", key);
    }
    if (state.attesters.size >= MAX_ATTESTERS) {
      throw new RuleBroken('attester.named', new Message('at most {n} of them', { n: MAX_ATTESTERS }), 'one more');
    }
  },
  apply(state, { entry, index, time }) {
    const { key, name } = entry.data;
    state.attesters.set(key, { name, at: time });
    state.clock = time;
    noteCommitments(state, index, [name]);
  },
};

/** What a named key signs about an epoch. It may find fault: numbers that do not fit are kept and shown. */
export const rollAttested: Rule<RollAttested> = {
  check(state, { entry }) {
    const { key, sig, date, epoch: index, rows, found, invited } = entry.data;
    if (!state.attesters.has(key)) {
      throw new RuleBroken('key', 'that of a second party which the organisers have named', key);
    }
    verifyEd25519(bytesOf(key), signedBytes(state.opened.data.origin, entry.data), bytesOf(sig));
    checkDate(date, 'date');
    const epoch = state.roll.epochs.get(index);
    if (epoch === undefined) throw new RuleBroken('epoch', 'the index of an epoch in the record', `${index}`);
    if (rows !== epoch.rows) throw new RuleBroken('rows', `${epoch.rows}`, `${rows}`);
    if (found > invited) {
      throw new RuleBroken('found', new Message('at most {n}, those invited', { n: invited }), `${found}`);
    }
  },
  apply(state, { entry, index }) {
    state.attestations.push(entry.data);
    noteCommitments(state, index, [entry.data.method]);
  },
};
