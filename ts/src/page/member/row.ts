/** A member's own row, found by reading the whole record: it says nothing about who reads. */

import { CheckpointInvalid, CommitmentInvalid, RubanError } from '../../errors.ts';
import { leafHash, Tree } from '../../log/merkle.ts';
import { encodePath, MAX_BUNDLE_BYTES, parseBundle, pathsOf } from '../../log/tiles.ts';
import { encodeHex, equalBytes } from '../../primitives/encoding.ts';
import type { MemberSecret } from '../../proof/secret.ts';
import { commitmentOf } from '../../record/commitment.ts';
import { parseEntry } from '../../record/entry.ts';
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
  const tree = new Tree();
  let found: RollRow | undefined;
  for (const path of pathsOf(Number(group.checkpoint.size))) {
    for (const leaf of parseBundle(await group.source.read(encodePath(path), MAX_BUNDLE_BYTES), path.width)) {
      tree.append(leafHash(leaf));
      found ??= rowOf(leaf, key);
    }
  }
  if (!equalBytes(tree.root(), group.checkpoint.root)) {
    throw new CheckpointInvalid('entries', 'those of the checkpoint', 'others');
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

function rowOf(leaf: Uint8Array, key: string): RollRow | undefined {
  try {
    const { kind, data } = parseEntry(leaf);
    return kind === 'roll.row' && (data as RollRow).key === key ? (data as RollRow) : undefined;
  } catch (error) {
    // A malformed entry has no effect: whoever recounts the record reports it.
    if (error instanceof RubanError) return undefined;
    throw error;
  }
}
