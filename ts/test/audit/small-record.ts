/** The small record of vectors/record and its dishonest copies (../../../vectors/record/README.md). */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FetchFile } from '../../src/audit/verify.ts';
import { FetchFailed, FormatError } from '../../src/errors.ts';
import { concat, parseHex } from '../../src/primitives/encoding.ts';

const FOLDER = new URL('../../../vectors/record/', import.meta.url).pathname;

export type Files = ReadonlyMap<string, Uint8Array>;

export interface Splice {
  readonly file: string;
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

export interface Case {
  readonly name: string;
  readonly splices: readonly Splice[];
  readonly earlier?: string;
  readonly expect: unknown;
}

export function readText(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

export function readJson<T>(name: string): T {
  return JSON.parse(readText(name)) as T;
}

/** The files of `small/`, by path. */
export function smallFiles(): Files {
  const root = join(FOLDER, 'small');
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => statSync(join(root, path)).isFile());
  return new Map(files.map((path) => [path.replaceAll('\\', '/'), Uint8Array.from(readFileSync(join(root, path)))]));
}

/** The files with the stretches replaced. */
export function spliced(files: Files, splices: readonly Splice[]): Files {
  const changed = new Map(files);
  for (const { file, at, remove, insert } of splices) {
    const data = changed.get(file)!;
    changed.set(file, concat(data.slice(0, at), parseHex('insert', insert), data.slice(at + remove)));
  }
  return changed;
}

/** Reads from memory as a source must. */
export function fetcher(files: Files): FetchFile {
  return async (path, maxBytes) => {
    const data = files.get(path);
    if (data === undefined) throw new FetchFailed(path, 'a file', 'none');
    if (data.length > maxBytes) throw new FormatError(path, `at most ${maxBytes} bytes`, 'more');
    return data;
  };
}
