/** Prints what comes of each case of a vector file, one a line: for the Python side to compare. */

import { readFileSync } from 'node:fs';
import { judge } from './judge-vectors.ts';
import { parseVectors } from './read-vectors.ts';

for (const path of process.argv.slice(2)) {
  for (const vector of parseVectors(readFileSync(path, 'utf8'))) process.stdout.write(`${judge(vector)}\n`);
}
