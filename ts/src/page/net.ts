/** What a page asks of its own server. Nothing else is spoken to. */

import type { Count } from './standing.ts';

/** What the server said no with; its sentences are in the page's language. */
export interface Denied {
  readonly error: string;
  readonly field: string;
  readonly expected: string;
  readonly got: string | null;
  readonly hint: string | null;
}

/** An answer that is no; `waitSeconds` if it is to be asked again. */
export class DeniedError extends Error {
  override readonly name: string = 'DeniedError';
  readonly denied: Denied;
  readonly status: number;
  readonly waitSeconds: number | undefined;

  constructor(denied: Denied, status: number, waitSeconds: number | undefined) {
    super(denied.error);
    this.denied = denied;
    this.status = status;
    this.waitSeconds = waitSeconds;
  }
}

/** Whether the server will never take what was sent: only then may a device let go of it. */
export function isFinal(error: unknown): boolean {
  return error instanceof DeniedError && error.waitSeconds === undefined;
}

/** The server could not be reached, or did not answer as one does: what was to be sent is sent again later. */
export class Unreachable extends Error {
  override readonly name: string = 'Unreachable';
}

const PATIENCE_MS = 30_000;
let ahead = 0;

/** The server's Unix seconds, as its last answer dated itself: the device's clock may be hours off. */
export function serverNow(): number {
  return Date.now() / 1000 + ahead;
}

async function ask(address: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address, {
      ...init,
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Unreachable();
  }
  const date = Date.parse(answer.headers.get('Date') ?? '');
  if (date) ahead = (date - Date.now()) / 1000;
  if (answer.ok) return answer;
  let denied: Denied;
  try {
    denied = (await answer.json()) as Denied;
  } catch {
    throw new Unreachable();
  }
  if (typeof denied.error !== 'string') throw new Unreachable();
  const wait = Number(answer.headers.get('Retry-After'));
  const again = answer.status === 429 || answer.status >= 500;
  throw new DeniedError(denied, answer.status, again ? wait || 30 : undefined);
}

/** POST canonical JSON; DeniedError or Unreachable. */
export async function post(address: string, body: string): Promise<string> {
  const headers = { 'Content-Type': 'application/json', 'Accept-Language': document.documentElement.lang };
  const answer = await ask(address, { method: 'POST', headers, body });
  try {
    return await answer.text();
  } catch {
    throw new Unreachable();
  }
}

/** The count of a letter, with the server's clock. */
export async function count(base: string, letter: string): Promise<Count> {
  return (await (await ask(`${base}/count/${letter}`, { cache: 'no-cache' })).json()) as Count;
}

/** The text of one of our own assets. */
export async function text(address: string): Promise<string> {
  return (await ask(address, {})).text();
}
