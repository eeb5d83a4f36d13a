import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, type Signs } from '../../src/page/browser.ts';

const ORDINARY: Signs = {
  agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  stores: true,
  quota: 10_000_000_000,
  heap: undefined,
  files: true,
  persisted: false,
};

test('an ordinary window lasts', () => {
  assert.equal(judge(ORDINARY), 'lasting');
  assert.equal(judge({ ...ORDINARY, quota: undefined, files: undefined }), 'lasting');
});

test('a browser without a store keeps nothing', () => {
  assert.equal(judge({ ...ORDINARY, stores: false }), 'none');
});

for (const name of [
  'FBAN/FBIOS',
  'FBAV/450.0',
  'Instagram 300.0',
  'Line/13.0',
  'MicroMessenger/8.0',
  'LinkedInApp',
  'Version/4.0; wv)',
]) {
  test(`a chat app's browser forgets, whatever it promises: ${name}`, () => {
    assert.equal(judge({ ...ORDINARY, agent: `Mozilla/5.0 (iPhone) ${name}`, persisted: true }), 'inapp');
  });
}

test('a window without private files, or with little room, is taken for a private one', () => {
  assert.equal(judge({ ...ORDINARY, files: false }), 'private');
  assert.equal(judge({ ...ORDINARY, quota: 100_000_000 }), 'private');
  assert.equal(judge({ ...ORDINARY, quota: 1_000_000_000, heap: 4_000_000_000 }), 'private');
});

test('what the browser has promised to keep, it keeps', () => {
  assert.equal(judge({ ...ORDINARY, quota: 100_000_000, persisted: true }), 'lasting');
});
