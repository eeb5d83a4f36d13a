/** A member's own row, found by reading the whole record: it says nothing about who reads. */

import { CommitmentInvalid } from '../../errors.ts';
import { encodeHex } from '../../primitives/encoding.ts';
import type { MemberSecret } from '../../proof/secret.ts';
import { commitmentOf } from '../../record/commitment.ts';
import type { RollRow } from '../../record/kinds.ts';
import { nameOpening } from './make.ts';
import type { Group } from './record.ts';

/**
 * The row with the secret's key and stubs, bound to `name` if it is known; undefined if there is none.
 *
 * CommitmentInvalid for a row that bears anything else, CheckpointInvalid if the entries are not the checkpoint's.
 */
export async function findRow(
  group: Group,
  secret: MemberSecret,
  name: string | undefined,
): Promise<{ role: string | undefined } | undefined> {
  const key = encodeHex(secret.rowKey);
  let found: RollRow | undefined;
  for await (const { entry } of group.entries()) {
    if (entry.kind === 'roll.row' && (entry.data as RollRow).key === key) found ??= entry.data as RollRow;
  }
  if (found === undefined) return undefined;
  const { stubs, role, claim } = found;
  stubs.forEach((stub, slot) => {
    // What has been erased cannot be compared, nor sign any more.
    if (secret.seed === undefined && !secret.slots.has(slot)) return;
    if (encodeHex(secret.slot(slot).stub.bytes) !== stub) {
      throw new CommitmentInvalid('stub', 'that of this secret', 'another');
    }
  });
  if (name !== undefined && commitmentOf(nameOpening(secret, name, role)) !== claim) {
    throw new CommitmentInvalid('name', 'the one that was agreed to', 'another');
  }
  return { role };
}
