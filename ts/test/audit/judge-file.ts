/** Prints what comes of each text or record of a file of cases, one a line: for the Python side to compare. */

import { readFileSync } from 'node:fs';
import { RubanError } from '../../src/errors.ts';
import { parseHex } from '../../src/primitives/encoding.ts';
import { parseSettings } from '../../src/published.ts';
import {
  parseClaim,
  parseComment,
  parseLine,
  parseOpening,
  parseText,
  parseUpdate,
} from '../../src/record/commitment.ts';
import { parseEntry } from '../../src/record/entry.ts';
import { parseSecretFile } from '../../src/record/secret_file.ts';
import { parseSubmission } from '../../src/record/submission.ts';
import { judge } from './judge-record.ts';
import { type Splice, smallFiles, spliced } from './small-record.ts';

const PARSERS: Readonly<Record<string, (data: Uint8Array) => unknown>> = {
  entry: parseEntry,
  opening: parseOpening,
  submission: parseSubmission,
  secret: parseSecretFile,
  settings: parseSettings,
  claim: parseClaim,
  line: (data) => parseLine('line', data),
  text: (data) => parseText('text', data),
  update: (data) => parseUpdate('update', data),
  comment: (data) => parseComment('comment', data),
};

type Case = { readonly splices: readonly Splice[] } | { readonly text: string; readonly as: string };

function parsed(as: string, text: string): string {
  try {
    PARSERS[as]!(parseHex('text', text));
    return 'ok';
  } catch (error) {
    if (!(error instanceof RubanError)) throw error;
    return error.name;
  }
}

const files = smallFiles();
for (const one of JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Case[]) {
  const said = 'text' in one ? parsed(one.as, one.text) : await judge(spliced(files, one.splices), {});
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
