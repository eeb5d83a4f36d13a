/** What a field of an entry may hold (spec/record.md, 3). No refusal shows a value: secret files are read with this too. */

import { FormatError, Message } from '../errors.ts';
import { utf8 } from '../primitives/encoding.ts';

/** Accepts only a value of some type; FormatError that names `field` otherwise. */
export type Type = (field: string, value: unknown) => void;
export type Fields = Readonly<Record<string, Type>>;

const HEX = /^(?:[0-9a-f]{2})*$/;

/** Bytes as lower-case hexadecimal: `size` bytes, or `size` to `most`. */
export function hex(size: number, most: number = size): Type {
  return (field, value) => {
    const fits = typeof value === 'string' && value.length >= 2 * size && value.length <= 2 * most && HEX.test(value);
    if (!fits)
      throw new FormatError(field, new Message('{low} to {high} bytes in hexadecimal', { low: size, high: most }));
  };
}

/** An integer between two bounds, both included. */
export function int(least = 0, most: number = Number.MAX_SAFE_INTEGER): Type {
  return (field, value) => {
    if (!Number.isSafeInteger(value)) throw new FormatError(field, 'an integer', 'another value');
    const fits = (value as number) >= least && (value as number) <= most;
    if (!fits) throw new FormatError(field, new Message('{low} to {high}', { low: least, high: most }), 'another');
  };
}

/** A string of 1 to `most` UTF-8 bytes, matching `pattern` if there is one. */
export function text(most: number, pattern?: RegExp): Type {
  return (field, value) => {
    const size = typeof value === 'string' ? utf8(value).length : 0;
    if (size < 1 || size > most) throw new FormatError(field, new Message('1 to {n} bytes of text', { n: most }));
    if (pattern?.test(value as string) === false) throw new FormatError(field, 'text of its form', 'another');
  };
}

/** One of some strings. */
export function choice(...options: readonly string[]): Type {
  return (field, value) => {
    if (options.includes(value as string)) return;
    throw new FormatError(field, new Message('one of {options}', { options: options.join(', ') }), 'another');
  };
}

/** true or false. */
export const flag: Type = (field, value) => {
  if (typeof value !== 'boolean') throw new FormatError(field, 'true or false', 'another value');
};

/** Null, or a value of another type. */
export function nullable(of: Type): Type {
  return (field, value) => {
    if (value !== null) of(field, value);
  };
}

/** An array of `least` to `most` values of one type; `unique` where none may stand twice. */
export function listOf(of: Type, least: number, most: number, unique = false): Type {
  return (field, value) => {
    if (!Array.isArray(value)) throw new FormatError(field, 'an array', 'another value');
    const { length } = value;
    if (length < least || length > most) {
      throw new FormatError(field, new Message('{low} to {high} items', { low: least, high: most }), `${length}`);
    }
    value.forEach((item, i) => {
      of(`${field}[${i}]`, item);
    });
    if (unique && new Set(value).size !== length)
      throw new FormatError(field, 'every item once', 'one that stands twice');
  };
}

/** An object with exactly these keys, but for those in `optional`. */
export function object(fields: Fields, optional: readonly string[] = []): Type {
  return (field, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new FormatError(field, 'an object', 'another value');
    }
    const prefix = field && `${field}.`;
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(fields, key)) throw new FormatError(prefix + key, 'no such field', 'one');
    }
    for (const [key, type] of Object.entries(fields)) {
      if (Object.hasOwn(value, key)) type(prefix + key, (value as Record<string, unknown>)[key]);
      else if (!optional.includes(key)) throw new FormatError(prefix + key, 'a value', 'none');
    }
  };
}
