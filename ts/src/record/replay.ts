/**
 * The one way to count: entries in, state out (spec/record.md, 5).
 *
 * No I/O and no clock: the same entries always give the same state, findings and obligations.
 */

import { Message, ProofInvalid, RubanError, RuleBroken } from '../errors.ts';
import type { Claim } from '../proof/batch.ts';
import { type Entry, parseEntry } from './entry.ts';
import { type Data, isMembers } from './kinds.ts';
import { attesterNamed, rollAttested } from './rules/attestation.ts';
import { dispute, disputeSettled } from './rules/dispute.ts';
import { electorate } from './rules/electorate.ts';
import { groupOpened } from './rules/group.ts';
import { letterChanged, letterClosed, letterOpened } from './rules/letter.ts';
import { batchRule, endBatch, erasure } from './rules/log.ts';
import { rollCheckpoint, rollRow } from './rules/roll.ts';
import type { Placed, Rule } from './rules/rule.ts';
import { signature, statement } from './rules/signature.ts';
import { struck } from './rules/struck.ts';
import { update } from './rules/update.ts';
import type { State } from './state.ts';

const RULES: { readonly [K in Data['kind']]: Rule<Extract<Data, { kind: K }>> } = {
  'group.opened': groupOpened,
  'roll.row': rollRow,
  'roll.checkpoint': rollCheckpoint,
  'letter.opened': letterOpened,
  signature,
  statement,
  'letter.changed': letterChanged,
  'letter.closed': letterClosed,
  update,
  struck,
  electorate,
  'attester.named': attesterNamed,
  'roll.attested': rollAttested,
  dispute,
  'dispute.settled': disputeSettled,
  batch: batchRule,
  erasure,
};

/** What is wrong with an entry, which then has no effect; a batch that holds too few keeps its own. */
export interface Finding {
  readonly index: number;
  readonly kind: string | undefined;
  readonly error: RubanError;
}

/** A parsed proof that the caller still has to judge; if it fails, replay again with its index rejected. */
export interface Obligation {
  readonly index: number;
  readonly claim: Claim;
}

/** What some entries gave, beside the state. */
export interface Outcome {
  readonly findings: Finding[];
  readonly obligations: Obligation[];
}

/**
 * Advance `state` by these leaves, in order. An entry that breaks a rule stays, has no effect, and is a finding.
 *
 * `rejected` holds the indexes of entries whose proof is known to fail: they have no effect either. A row's obligation
 * depends on the group alone, a signature's or statement's on rows, epochs and letters but on no other signature. So the
 * first replay shows which rows fail, the second with those rejected which signatures, and a third counts.
 */
export function replay(state: State, leaves: Iterable<Uint8Array>, rejected?: ReadonlySet<number>): Outcome {
  const outcome: Outcome = { findings: [], obligations: [] };
  for (const leaf of leaves) step(state, leaf, rejected, outcome);
  return outcome;
}

function step(state: State, leaf: Uint8Array, rejected: ReadonlySet<number> | undefined, outcome: Outcome): void {
  const index = state.size;
  const batch = state.openBatch;
  let kind: string | undefined;
  try {
    const entry = parseEntry(leaf);
    kind = entry.kind;
    if (entry.known) judge(state, { entry, index, time: timeOf(state, entry) }, rejected, outcome);
    else state.unknown += 1;
  } catch (error) {
    if (!(error instanceof RubanError)) throw error;
    outcome.findings.push({ index, kind, error });
  }
  state.size += 1;
  if (batch === undefined) return;
  batch.left -= 1;
  if (batch.left > 0) return;
  for (const error of endBatch(state, batch)) outcome.findings.push({ index: batch.index, kind: 'batch', error });
}

function judge(state: State, placed: Placed, rejected: ReadonlySet<number> | undefined, outcome: Outcome): void {
  const { entry, index } = placed;
  const { kind } = entry.data;
  // Each rule is given entries of its own kind alone.
  const rule = RULES[kind] as unknown as Rule<Data>;
  if (kind !== 'group.opened') state.opened;
  const claim = rule.claim?.(state, placed);
  if (rejected?.has(index)) throw new ProofInvalid('proof', 'one whose equations hold', 'one whose equations do not');
  if (claim !== undefined) outcome.obligations.push({ index, claim });
  // After the claim: which rows' proofs fail must not depend on where batches stand.
  const batch = state.openBatch;
  if (isMembers(kind) !== (batch !== undefined)) {
    const got = new Message('an entry of kind {kind}', { kind });
    throw new RuleBroken('batch', "members' entries, and they alone, inside a batch", got);
  }
  rule.check(state, placed);
  rule.apply(state, placed);
  if (batch !== undefined && 'letter' in entry.data) batch.letters.add(entry.data.letter);
}

/** The time an entry bears itself; else that of its batch or of whatever came before it. */
function timeOf(state: State, { data }: Entry): number {
  if ('at' in data) return data.at;
  return 'time' in data ? data.time : state.clock;
}

/** What is wrong with a record that ends here: a batch cut short. */
export function finish(state: State): Finding[] {
  const { openBatch } = state;
  if (openBatch === undefined) return [];
  const more = new Message('{n} more entries', { n: openBatch.left });
  return [{ index: openBatch.index, kind: 'batch', error: new RuleBroken('batch', more, 'the end of the record') }];
}
