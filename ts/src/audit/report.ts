/** What an audit found, as data: field by field the JSON of `ruban verify --json`, so that two verdicts can be compared. */

import type { RubanError } from '../errors.ts';
import { letterPhase, type Phase } from '../record/phase.ts';
import { shownComments } from '../record/shown.ts';
import { type Letter, type Point, type State, textCommitments } from '../record/state.ts';
import { type Tally, tally } from '../record/tally.ts';
import type { Openings } from './openings.ts';

/** Something that does not hold: which step of the audit, where, what, and the evidence for it. */
export interface AuditFinding {
  readonly step: number;
  readonly entry: number | null;
  readonly kind: string | null;
  readonly error: string;
  readonly field: string;
  readonly expected: string;
  readonly got: string | null;
  readonly evidence: string | null;
}

/** What a second party said of the roll, with its name and its way of comparing as far as they can be read. */
export interface Attested {
  readonly by: string | null;
  readonly key: string;
  readonly named_at: number;
  readonly method: string | null;
  readonly date: string;
  readonly epoch: number;
  readonly rows: number;
  readonly entitled: number;
  readonly invited: number;
  readonly found: number;
  readonly spent: number;
}

/** One letter: what it is, how it stands, and its count. Texts are null where their openings are not there. */
export interface LetterVerdict {
  readonly letter: string;
  readonly status: Phase;
  readonly extended: boolean;
  readonly opening: number;
  readonly closing: number;
  readonly texts: readonly {
    readonly lang: string;
    readonly title: string | null;
    readonly addressee: string | null;
    readonly demands: readonly (string | null)[];
  }[];
  readonly texts_included: boolean;
  readonly erased_texts: number;
  readonly tally: Tally;
  readonly series: readonly Point[];
  readonly comments: number;
  readonly reasons: readonly string[];
  readonly updates: readonly {
    readonly at: number;
    readonly texts: readonly { readonly lang: string; readonly text: string | null }[];
  }[];
  readonly strikes: readonly { readonly at: number; readonly count: number; readonly reason: string | null }[];
  readonly superseded_by: string | null;
}

/** The whole audit. It holds if there is not one finding. */
export interface Verdict {
  readonly holds: boolean;
  readonly group: {
    readonly title: string | null;
    readonly origin: string;
    readonly roll: string;
    readonly log_key: string;
    readonly window_seconds: number;
    readonly time_protected: boolean;
    readonly rehearsal: boolean;
    readonly electorate_date: string;
    readonly electorate_source: string | null;
    readonly electorates: readonly {
      readonly at: number;
      readonly electorate: number;
      readonly date: string;
      readonly source: string | null;
    }[];
  };
  readonly record: {
    readonly entries: number;
    readonly root: string;
    readonly log_signatures: number;
    readonly witnesses: number;
    readonly unknown_entries: number;
    readonly as_of: number;
  };
  readonly attestations: readonly Attested[];
  readonly disputes: {
    readonly open: number;
    readonly settled: readonly { readonly at: number; readonly reason: string | null }[];
  };
  readonly proofs: { readonly verified: number; readonly seconds: number };
  readonly letters: readonly LetterVerdict[];
  readonly findings: readonly AuditFinding[];
  /** Findings beyond those that are kept. */
  readonly findings_left_out: number;
}

/** A finding as the verdict has it; `evidence` is what the error carries, else the entry's bytes in hex. */
export function findingOf(
  step: number,
  error: RubanError,
  { index, kind, evidence }: { index?: number | undefined; kind?: string | undefined; evidence?: string | undefined },
): AuditFinding {
  return {
    step,
    entry: index ?? null,
    kind: kind ?? null,
    error: error.name,
    field: error.field,
    expected: `${error.expected}`,
    got: error.got === undefined ? null : `${error.got}`,
    evidence: error.evidence ?? evidence ?? null,
  };
}

/** The verdict on one letter. */
export function letterVerdict(state: State, letter: Letter, openings: Openings, included: boolean): LetterVerdict {
  const line = (commitment: string): string | null => openings.lines.get(commitment) ?? null;
  const { data } = letter;
  const words = new Set([...letter.reasons, ...data.texts.flatMap(textCommitments)]);
  return {
    letter: letter.id,
    status: letterPhase(state, letter, state.clock),
    extended: letter.extended,
    opening: data.opening,
    closing: letter.closing,
    texts: data.texts.map(({ lang, title, addressee, demands }) => {
      return { lang, title: line(title), addressee: line(addressee), demands: demands.map(line) };
    }),
    texts_included: included,
    erased_texts: [...words].filter((commitment) => state.erased.has(commitment)).length,
    tally: tally(state, letter),
    series: letter.series,
    comments: shownComments(state, letter).length,
    reasons: letter.reasons.flatMap((reason) => openings.lines.get(reason) ?? []),
    updates: letter.updates.map(({ at, texts }) => {
      return { at, texts: texts.map(({ lang, text }) => ({ lang, text: openings.updates.get(text) ?? null })) };
    }),
    strikes: letter.strikes.map(({ at, commitments, reason }) => {
      return { at, count: commitments.length, reason: line(reason) };
    }),
    superseded_by: letter.supersededBy ?? null,
  };
}
