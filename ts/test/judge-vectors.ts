/** What each kind of vector asks for. Fields are taken before the run, so that a slip in a file is never an outcome. */

import { parseHex } from '../src/primitives/encoding.ts';
import { parseRing } from '../src/proof/ring.ts';
import { verifyProof } from '../src/proof/verify.ts';
import { type Expected, Fields, type Vector } from './read-vectors.ts';

interface Judged {
  readonly expected: Expected;
  readonly run: () => void;
}

const KINDS: Readonly<Record<string, (fields: Fields) => Judged>> = { proof: judgeProof };

/** How a case must end and what to run; Error for an unknown kind, or a field that is missing, unknown or odd. */
export function judge(vector: Vector): Judged {
  const kind = Object.hasOwn(KINDS, vector.kind) ? KINDS[vector.kind] : undefined;
  if (kind === undefined) throw new Error(`unknown kind ${vector.kind}`);
  const fields = new Fields(vector);
  const judged = kind(fields);
  fields.end();
  return judged;
}

function judgeProof(fields: Fields): Judged {
  const [roll, head, letter, message, proof] = ['roll', 'head', 'letter', 'message', 'proof'].map((key) =>
    fields.text(key),
  ) as [string, string, string, string, string];
  const [selector, slot, stubs, expected] = [
    fields.text('selector'),
    fields.integer('slot'),
    fields.list('ring'),
    fields.expected(),
  ];
  const run = (): void => {
    const ring = parseRing({
      rollId: parseHex('roll', roll),
      head: parseHex('head', head),
      selector,
      slot,
      stubs: stubs.map((stub) => parseHex('stub', stub)),
    });
    verifyProof(ring, parseHex('letter', letter), parseHex('message', message), parseHex('proof', proof));
  };
  return { expected, run };
}
