/**
 * Bringing something to the server and seeing it in the record, however often either has to be tried again.
 *
 * It is kept on the device before it is first sent, sent in the very same bytes each time, and so counts once.
 */

import type { Computer } from './calls.ts';
import { DeniedError, isFinal, post, serverNow, Unreachable } from './net.ts';
import type { Outbox } from './store.ts';

/** What the page shows meanwhile. */
export type News =
  | { readonly is: 'queued'; readonly error?: DeniedError | undefined }
  | { readonly is: 'received'; readonly due: number };

export interface Errand {
  readonly base: string;
  readonly computer: Computer;
  /** Keep what it has become on the device. */
  keep(outbox: Outbox): Promise<void>;
  tell(news: News): void;
}

export interface Recorded {
  readonly receipt: string;
  readonly mark: string;
}

const LATE_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 30;

/** Seconds before the next look: soon at first, then every half minute. */
export function pauseSeconds(attempt: number): number {
  return Math.min(LONGEST_PAUSE_SECONDS, attempt < 3 ? 1 : 2 ** (attempt - 2));
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    addEventListener('online', done);
  });
}

/** Send until it is acknowledged, look until it is recorded. DeniedError where the server will never take it. */
export async function carry(given: Outbox, { base, computer, keep, tell }: Errand): Promise<Recorded> {
  let outbox = given;
  let late = false;
  for (let attempt = 0; ; attempt++) {
    if (outbox.promise === undefined) {
      try {
        const promise = await post(`${base}/${outbox.to}`, outbox.body);
        // What is no promise of this record is kept by nobody: a proxy may have answered.
        await computer.ask('promise', { note: promise, leaf: outbox.leaf });
        outbox = { ...outbox, promise };
        // Asked once more for what is late, a server that is stuck is not asked oftener.
        if (!late) attempt = 0;
        await keep(outbox);
      } catch (error) {
        if (isFinal(error) || !(error instanceof Unreachable || error instanceof DeniedError)) throw error;
        const denied = error instanceof DeniedError ? error : undefined;
        tell({ is: 'queued', error: denied });
        await pause(denied?.waitSeconds ?? pauseSeconds(attempt));
        continue;
      }
    }
    const due = await computer.ask('promise', { note: outbox.promise!, leaf: outbox.leaf });
    tell({ is: 'received', due });
    let found: Recorded | undefined;
    try {
      found = await computer.ask('seen', outbox);
    } catch (error) {
      if ((error as { kind?: string }).kind !== 'FetchFailed') throw error;
    }
    if (found !== undefined) return found;
    if (serverNow() > due + LATE_SECONDS) {
      // The promise is broken: the same bytes once more.
      const { promise: _promise, ...again } = outbox;
      outbox = again;
      late = true;
    }
    await pause(pauseSeconds(attempt));
  }
}
