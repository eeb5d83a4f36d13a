/** The worker's entry: reads the record, holds the secret while the page is open, computes. It sends nothing. */

import { RubanError } from '../../errors.ts';
import type { Asked, Calls, Said } from '../calls.ts';
import { Member } from '../member/member.ts';

const member = new Member();
const say = (said: Said): void => postMessage(said);

/** One after the other: a call relies on what those before it have found. */
let last: Promise<void> = Promise.resolve();

addEventListener('message', ({ data: { id, call, args } }: MessageEvent<Asked>) => {
  last = last.then(() => answer(id, call, args));
});

async function answer(id: number, call: keyof Calls, args: unknown): Promise<void> {
  const work = member[call] as (args: unknown, told: (share: number) => void) => unknown;
  try {
    say({ id, value: await work.call(member, args, (share) => say({ id, share })) });
  } catch (error) {
    const known = error instanceof RubanError;
    // What is said of an error bears no secret: classes and names of fields alone.
    const kind = known ? error.name : error instanceof Error ? error.constructor.name : 'Error';
    say({ id, error: { kind, field: known ? error.field : '', got: known ? String(error.got ?? '') : '' } });
  }
}
