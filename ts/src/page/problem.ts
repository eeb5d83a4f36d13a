/** Which sentence of the template says what is in the way. The sentences are the template's; here is only which one. */

import { WorkerError } from './calls.ts';
import { DeniedError, Unreachable } from './net.ts';
import { NoStorage } from './store.ts';

/** A sentence (`data-problem`), what the server said of it if that helps, and a word for those who look into it. */
export interface Problem {
  readonly name: string;
  readonly said?: string;
  readonly detail?: string;
}

const DENIED: Readonly<Record<string, string>> = {
  InvitationUnknown: 'code-unknown',
  InvitationSpent: 'code-spent',
  InvitationExpired: 'code-expired',
  CommitmentInvalid: 'name-other',
  TagReused: 'tag-used',
  LetterClosed: 'closed',
  LetterNotOpen: 'not-open',
  IntakePaused: 'paused',
  StoreError: 'paused',
  StoreFull: 'paused',
  TooMany: 'too-many',
  RuleBroken: 'stale',
  ProofInvalid: 'stale',
  VerificationError: 'stale',
  NotFound: 'stale',
};

/** The kinds of error that say: this record is not what it claims to be. */
const UNPROVEN = /^(?:Inclusion|Checkpoint|Signature|Commitment|Quorum|Rule|Verification)/;

/** What to say of something that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Unreachable) return { name: 'offline' };
  if (error instanceof NoStorage) return { name: 'storage' };
  if (error instanceof DeniedError) {
    const name = DENIED[error.denied.error];
    if (name !== undefined) return { name };
    const { expected, got, hint } = error.denied;
    const said = [got === null ? expected : `${expected} — ${got}`, hint].filter((one) => one !== null).join('. ');
    return { name: 'server', said };
  }
  if (error instanceof WorkerError) {
    const detail = error.kind;
    if (error.kind === 'FetchFailed') {
      if (error.got === 'none') return { name: 'offline' };
      return /^(5|429)/.test(error.got) ? { name: 'paused' } : { name: 'record', detail };
    }
    if (/^words?\b/.test(error.field)) return { name: 'words-wrong' };
    if (error.field === 'secret file') return { name: 'file-wrong' };
    if (error.field === 'secret group') return { name: 'secret-other' };
    if (error.field === 'secret slot') return { name: 'secret-gone' };
    if (error.field === 'secret row') return { name: 'secret-unlisted' };
    if (error.kind === 'CommitmentInvalid' && /^(?:stub|name)$/.test(error.field)) return { name: 'row-other' };
    if (error.kind === 'Refused' && error.field === 'signature') return { name: 'changed' };
    if (error.kind === 'FormatError') return { name: 'record', detail };
    if (error.kind === 'Inconsistent') return { name: 'record-changed', detail };
    return { name: UNPROVEN.test(error.kind) ? 'record' : 'fault', detail };
  }
  return { name: 'fault', detail: error instanceof Error ? error.name : 'error' };
}
