/** What an audit wants of its source, and says of itself while it runs. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit, type FetchFile } from '../../src/audit/verify.ts';
import { CheckpointInvalid, FetchFailed } from '../../src/errors.ts';
import { concat, parseHex, utf8 } from '../../src/primitives/encoding.ts';
import { parseSettings } from '../../src/published.ts';
import { type Case, type Files, fetcher, readJson, smallFiles, spliced } from './small-record.ts';

const FILES = smallFiles();
const SETTINGS = parseSettings(FILES.get('ruban.json')!);
const KEY = parseHex('key', SETTINGS.log_key);
const CASES = readJson<readonly Case[]>('faults.json');
const BUNDLE = 'tile/entries/000.p/85';

/** The record without the openings of its first entries. */
function lacking(): Files {
  const openings = new TextDecoder().decode(FILES.get('payloads/000')!).split('\n');
  return new Map(FILES).set('payloads/000', utf8(openings.slice(9).join('\n')));
}

test('a record under the pinned key and origin is audited', async () => {
  assert.equal((await audit(fetcher(FILES), { logKey: KEY, origin: SETTINGS.origin })).holds, true);
});

test('a record under another key or origin than the pinned is not', async () => {
  await assert.rejects(audit(fetcher(FILES), { logKey: new Uint8Array(32) }), CheckpointInvalid);
  await assert.rejects(audit(fetcher(FILES), { origin: 'ruban.example/other' }), CheckpointInvalid);
});

test('a record that is not there is not audited', async () => {
  await assert.rejects(audit(fetcher(new Map())), FetchFailed);
});

test('a missing tile, bundle or list of openings is a finding', async () => {
  for (const [path, step] of [
    ['tile/0/000.p/85', 2],
    ['payloads/000', 8],
  ] as const) {
    const files = new Map(FILES);
    files.delete(path);
    const { holds, findings } = await audit(fetcher(files));
    assert.equal(holds, false);
    assert.deepEqual([findings[0]?.step, findings[0]?.error], [step, 'FetchFailed']);
  }
});

test('the reader is told how far it is, up to the end', async () => {
  const told: [string, number, number][] = [];
  await audit(fetcher(FILES), {}, (...said) => told.push(said));
  assert.deepEqual(told, [
    ['recount', 85, 85],
    ['proofs', 55, 55],
  ]);
});

test('a record that has grown meanwhile is read again', async () => {
  let readings = 0;
  // The same log under another note: readers skip the signature of a stranger.
  const note = concat(FILES.get('checkpoint')!, utf8('— stranger AAAAAAAA\n'));
  const before = new Map(lacking()).set('checkpoint', note);
  const growing: FetchFile = (path, maxBytes) => {
    if (path === 'ruban.json') readings += 1;
    // It grows while its last file is read.
    const files = readings === 1 && !grown ? before : FILES;
    if (path === 'payloads/000') grown = true;
    return fetcher(files)(path, maxBytes);
  };
  let grown = false;
  assert.equal((await audit(growing)).holds, true);
  assert.equal(readings, 2);
});

test('a record that lacks something and has not grown is read once', async () => {
  let readings = 0;
  const { holds } = await audit((path, maxBytes) => {
    if (path === 'ruban.json') readings += 1;
    return fetcher(lacking())(path, maxBytes);
  });
  assert.deepEqual([holds, readings], [false, 1]);
});

test('two records are not mixed in one verdict', async () => {
  const failing = CASES.find(({ expect }) => JSON.stringify(expect).includes('ProofInvalid'))!;
  const files = spliced(FILES, failing.splices);
  let readings = 0;
  const changing: FetchFile = (path, maxBytes) => {
    if (path === BUNDLE) readings += 1;
    return fetcher(path === BUNDLE && readings > 1 ? FILES : files)(path, maxBytes);
  };
  await assert.rejects(audit(changing), FetchFailed);
});
