/** What a member's device makes: a row, a signature, and what is said of it later. The twin of `ruban.record.member`. */

import { Refused, RuleBroken } from '../../errors.ts';
import { encodeHex } from '../../primitives/encoding.ts';
import { proveEnrolment } from '../../proof/enrol.ts';
import { prepareProof } from '../../proof/prove.ts';
import type { MemberSecret, SlotSecret } from '../../proof/secret.ts';
import { controlStatement, NO_PREVIOUS, nameStatement, signControl, signName } from '../../proof/statement.ts';
import type { JsonObject } from '../../record/canonical.ts';
import { claimPayload, commit, commitmentOf, type Opening, parseClaim, parseComment } from '../../record/commitment.ts';
import { bodyOf, makeEntry } from '../../record/entry.ts';
import type { Submission } from '../../record/submission.ts';
import type { Standing } from './history.ts';
import type { OpenedLetter, Place } from './place.ts';
import type { Group } from './record.ts';

export type Told = (share: number) => void;

/** The opening of a row's claim, with the salt that only its member can make; FormatError for a name that cannot be one. */
export function nameOpening(secret: MemberSecret, name: string, role?: string): Opening {
  const payload = claimPayload(name.normalize('NFC'), role?.normalize('NFC'));
  parseClaim(payload);
  return { salt: secret.claimSalt, payload };
}

/** A row for the roll. Its opening is for whoever checks the name; only a signature by name publishes it. */
export function makeRow(
  group: Group,
  secret: MemberSecret,
  name: string,
  role: string | undefined,
  told: Told,
): Submission {
  const slots: SlotSecret[] = [];
  for (let slot = 0; slot < group.opened.slots; slot++) {
    slots.push(secret.slot(slot));
    told((0.7 * (slot + 1)) / group.opened.slots);
  }
  const claim = nameOpening(secret, name, role);
  const data = {
    kind: 'roll.row',
    v: 1,
    stubs: slots.map(({ stub }) => encodeHex(stub.bytes)),
    key: encodeHex(secret.rowKey),
    claim: commitmentOf(claim),
    way: 'invitation',
    ...(role === undefined ? {} : { role }),
  };
  const proof = proveEnrolment(group.rollId, bodyOf(data), slots);
  told(1);
  return { leaf: makeEntry({ ...data, proof: encodeHex(proof) }).leaf, openings: [claim] };
}

function signature(letter: OpenedLetter, way: 'name' | 'unnamed', { epoch, selector }: Place): JsonObject {
  return { kind: 'signature', v: 1, letter: encodeHex(letter.id), way, epoch, selector };
}

/**
 * Do the work of an unnamed signature, and give a function that finishes it at the member's word.
 *
 * RuleBroken if the place hides the member among fewer than `least`.
 */
export function prepareUnnamed(
  letter: OpenedLetter,
  place: Place,
  secret: SlotSecret,
  told?: Told,
  least: number = letter.data.ring_min,
) {
  if (place.ring.stubs.length < least) throw new RuleBroken('ring', `${least}`, `${place.ring.stubs.length}`);
  const data = signature(letter, 'unnamed', place);
  const options = told === undefined ? {} : { progress: told };
  const finish = prepareProof(place.ring, place.index, secret, letter.id, bodyOf(data), options);
  return (later: Told): Submission => {
    return { leaf: makeEntry({ ...data, proof: encodeHex(finish(later)) }).leaf, openings: [] };
  };
}

/** A signature that opens the member's own row. */
export function signByName(
  letter: OpenedLetter,
  place: Place,
  member: MemberSecret,
  secret: SlotSecret,
  name: string,
  role?: string,
): Submission {
  const claim = nameOpening(member, name, role);
  const data = {
    ...signature(letter, 'name', place),
    tag: encodeHex(secret.tag.bytes),
    index: place.index,
    claim: commitmentOf(claim),
  };
  return { leaf: byName(letter, place, secret, data, 0, NO_PREVIOUS), openings: [claim] };
}

function byName(
  letter: OpenedLetter,
  place: Place,
  secret: SlotSecret,
  data: JsonObject,
  seq: number,
  prev: Uint8Array,
): Uint8Array {
  const said = { letterId: letter.id, P: secret.tag.bytes, seq, prev, body: bodyOf(data) };
  const sig = signName(place.ring, place.index, secret, nameStatement(place.ring, place.index, said));
  return makeEntry({ ...data, sig: encodeHex(sig) }).leaf;
}

function statement(letter: OpenedLetter, secret: SlotSecret, standing: Standing, action: string): JsonObject {
  if (standing.withdrawn) throw new Refused('signature', 'one that stands', 'a withdrawn one');
  return {
    kind: 'statement',
    v: 1,
    letter: encodeHex(letter.id),
    tag: encodeHex(secret.tag.bytes),
    seq: standing.seq + 1,
    prev: encodeHex(standing.prev),
    action,
  };
}

function controlled(letter: OpenedLetter, secret: SlotSecret, standing: Standing, data: JsonObject): Uint8Array {
  const { seq, prev } = standing;
  const said = { letterId: letter.id, P: secret.tag.bytes, seq: seq + 1, prev, body: bodyOf(data) };
  return makeEntry({ ...data, sig: encodeHex(signControl(secret, controlStatement(said))) }).leaf;
}

/** Give a name to a recorded unnamed signature. */
export function stepForward(
  letter: OpenedLetter,
  standing: Standing,
  member: MemberSecret,
  secret: SlotSecret,
  name: string,
  role?: string,
): Submission {
  const { place } = standing;
  const claim = nameOpening(member, name, role);
  const data = {
    ...statement(letter, secret, standing, 'name'),
    epoch: place.epoch,
    selector: place.selector,
    index: place.index,
    claim: commitmentOf(claim),
  };
  return { leaf: byName(letter, place, secret, data, standing.seq + 1, standing.prev), openings: [claim] };
}

/** Take a recorded signature back, for good. */
export function withdraw(letter: OpenedLetter, standing: Standing, secret: SlotSecret): Submission {
  return { leaf: controlled(letter, secret, standing, statement(letter, secret, standing, 'withdraw')), openings: [] };
}

/** Words beside a recorded signature; FormatError unless 1 to 1,000 bytes of text. */
export function comment(letter: OpenedLetter, standing: Standing, secret: SlotSecret, text: string): Submission {
  const opened = commit(text);
  parseComment('comment', opened.payload);
  const data = { ...statement(letter, secret, standing, 'comment'), text: commitmentOf(opened) };
  return { leaf: controlled(letter, secret, standing, data), openings: [opened] };
}
