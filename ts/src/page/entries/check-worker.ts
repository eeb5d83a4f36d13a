// Recounts a record in a worker of its own: a page that computes for seconds must not stand still.
import { audit } from '../../audit/verify.ts';
import { RubanError } from '../../errors.ts';
import { parseHex } from '../../primitives/encoding.ts';
import { sourceAt } from '../member/record.ts';

addEventListener(
  'message',
  async ({ data }: MessageEvent<{ base: string; letter: string; origin: string; key: string }>) => {
    try {
      const source = sourceAt(data.base);
      // What the page said that it counted, so that another record is not taken for it.
      const pinned = { origin: data.origin, logKey: parseHex('key', data.key) };
      const told = (what: string, done: number, total: number): void => postMessage({ what, done, total });
      const verdict = await audit((path, most) => source.read(path, most), pinned, told);
      const letter = verdict.letters.find((one) => one.letter === data.letter);
      postMessage({
        holds: verdict.holds,
        entries: verdict.record.entries,
        proofs: verdict.proofs.verified,
        findings: verdict.findings.length,
        tally: letter?.tally,
      });
    } catch (error) {
      if (!(error instanceof RubanError)) throw error;
      postMessage({ stopped: error.message });
    }
  },
);
