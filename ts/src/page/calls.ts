/** The page's side of the worker that computes: calls that are answered in their order, and progress in between. */

import type { Seat } from './standing.ts';
import { workerAt } from './worker-address.ts';

/** What the worker made to be sent. */
export interface Made {
  /** The text of the submission. */
  readonly body: string;
  /** The leaf's hash in hexadecimal. */
  readonly leaf: string;
  /** Entries that the record had then. */
  readonly since: number;
}

export interface GroupSaid {
  readonly roll: string;
  readonly origin: string;
  readonly slots: number;
  readonly roles: readonly string[];
  readonly mark: string;
}

export interface LetterSaid {
  readonly slot: number;
  readonly ways: readonly string[];
  readonly ring_min: number;
  readonly unnamed_from: number;
  /** As it was opened: the organisers can close it sooner, or once later. */
  readonly closing: number;
}

export interface HeldSaid {
  readonly kind: 'slots' | 'seed';
  readonly erased: number;
  readonly file: Uint8Array;
}

export interface StandingSaid {
  readonly named: boolean;
  readonly withdrawn: boolean;
}

export type Later =
  | { readonly action: 'withdraw' }
  | { readonly action: 'name'; readonly name: string; readonly role?: string | undefined }
  | { readonly action: 'comment'; readonly text: string };

/** Everything that the worker does: arguments and answer. */
export interface Calls {
  group(args: { base: string; roll?: string | undefined; mark?: string | undefined }): GroupSaid;
  fresh(args: { kind: 'slots' | 'seed' }): HeldSaid;
  hold(args: { file: Uint8Array }): HeldSaid;
  holdWords(args: { text: string; lists: readonly (readonly string[])[] }): HeldSaid;
  words(args: { list: readonly string[] }): string;
  erase(args: { slot: number }): HeldSaid;
  row(args: { code: string; name: string; role?: string | undefined }): Made;
  promise(args: { note: string; leaf: string }): number;
  seen(args: { body: string; leaf: string; since: number }): { receipt: string; mark: string } | undefined;
  letter(args: { index: number; id: string }): LetterSaid;
  ownRow(args: { name?: string | undefined }): { role: string | undefined } | undefined;
  seat(args: { epoch: number }): Seat | undefined;
  prepare(args: Record<string, never>): void;
  sign(args: { way: 'name' | 'unnamed' | 'role'; name?: string | undefined; role?: string | undefined }): Made;
  standing(args: Record<string, never>): StandingSaid | undefined;
  later(args: Later): Made;
}

export interface Asked {
  readonly id: number;
  readonly call: keyof Calls;
  readonly args: unknown;
}

export type Said =
  | { readonly id: number; readonly share: number }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { kind: string; field: string; got: string } };

/** An error of the worker's: the class's name, and the field that it named. Never a secret. */
export class WorkerError extends Error {
  override readonly name: string = 'WorkerError';
  readonly kind: string;
  readonly field: string;
  readonly got: string;

  constructor({ kind, field, got }: { kind: string; field: string; got: string }) {
    super(kind);
    this.kind = kind;
    this.field = field;
    this.got = got;
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  told: ((share: number) => void) | undefined;
}

/** The worker, started at once: it is loaded while the page is read. */
export class Computer {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #broken: WorkerError | undefined;

  constructor(address: string) {
    this.#worker = workerAt(address);
    this.#worker.onmessage = ({ data }: MessageEvent<Said>) => this.#said(data);
    this.#worker.onerror = () => {
      // Also for what is asked later: a worker that did not load answers nothing.
      this.#broken = new WorkerError({ kind: 'Worker', field: '', got: '' });
      for (const { reject } of this.#waiting.values()) reject(this.#broken);
    };
  }

  #said(said: Said): void {
    const waiting = this.#waiting.get(said.id);
    if (waiting === undefined) return;
    if ('share' in said) {
      waiting.told?.(said.share);
      return;
    }
    this.#waiting.delete(said.id);
    if ('error' in said) waiting.reject(new WorkerError(said.error));
    else waiting.resolve(said.value);
  }

  /** Have the worker do one thing; `told` hears the share done, 0 to 1. */
  async ask<C extends keyof Calls>(
    call: C,
    args: Parameters<Calls[C]>[0],
    told?: (share: number) => void,
  ): Promise<ReturnType<Calls[C]>> {
    if (this.#broken !== undefined) throw this.#broken;
    const id = this.#next++;
    return new Promise<ReturnType<Calls[C]>>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, told });
      this.#worker.postMessage({ id, call, args } satisfies Asked);
    });
  }
}
