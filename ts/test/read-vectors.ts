/** Reading vector files strictly: known keys only, each once, integers only, no empty file. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Expected = 'ok' | 'format' | 'proof';

/** One case: `expect` says how it must end, the other fields are strings, integers, or lists of strings. */
export interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly fields: ReadonlyMap<string, unknown>;
}

/** JSON text without a key twice, a float, or an integer that JavaScript would round; Error otherwise. */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text, (_, item: unknown) => {
    if (typeof item === 'number' && !Number.isSafeInteger(item)) throw new Error('a number that is no safe integer');
    return item;
  });
  // What was lost on the way (a second key, a fraction of zero, digits) is missing when written again.
  const tokens = /("(?:[^"\\]|\\.)*")|\s+/g;
  const compact = text.replace(tokens, (_, quoted?: string) =>
    quoted === undefined ? '' : JSON.stringify(JSON.parse(quoted)),
  );
  if (JSON.stringify(value) !== compact) throw new Error('JSON with a key twice or a number written oddly');
  return value;
}

/** The cases of one file's text; Error if it is not a list of at least one object with a name and a kind. */
export function parseVectors(text: string): Vector[] {
  const list = parseStrictJson(text);
  if (!Array.isArray(list) || list.length === 0) throw new Error('a vector file is a list of cases');
  const names = new Set<string>();
  return list.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw new Error('a case is an object');
    const fields = new Map<string, unknown>(Object.entries(entry));
    const [name, kind] = [fields.get('name'), fields.get('kind')];
    if (typeof name !== 'string' || typeof kind !== 'string') throw new Error('a case has a name and a kind');
    if (names.has(name)) throw new Error(`two cases are called ${name}`);
    names.add(name);
    return { name, kind, fields };
  });
}

/** The files right inside `folder` and their cases; Error if there are none. */
export function readVectors(folder: string): Map<string, Vector[]> {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => entry.name)
    .sort();
  if (files.length === 0) throw new Error(`no vectors in ${folder}`);
  return new Map(files.map((name) => [name, parseVectors(readFileSync(join(folder, name), 'utf8'))]));
}
