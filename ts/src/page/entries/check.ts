// "Verify in the page": the whole record is fetched and recounted here, by the same rules as on the server.
import { fill, numberText, onPress, part, setting, stage } from '../dom.ts';
import { workerAt } from '../worker-address.ts';

interface Told {
  readonly done?: number;
  readonly total?: number;
  readonly what?: string;
  readonly stopped?: string;
  readonly holds?: boolean;
  readonly entries?: number;
  readonly proofs?: number;
  readonly findings?: number;
  readonly tally?: { signed: number; enrolled: number; entitled: number };
}

function hear(told: Told, end: () => void): void {
  if (told.total !== undefined && told.done !== undefined) {
    const bar = part<HTMLProgressElement>('bar');
    bar.max = Math.max(1, told.total);
    bar.value = told.done;
    return;
  }
  end();
  if (told.stopped !== undefined) {
    fill('stopped', told.stopped);
    stage('stopped');
    return;
  }
  for (const name of ['entries', 'proofs', 'findings'] as const) fill(name, numberText(told[name] ?? 0));
  for (const name of ['signed', 'enrolled', 'entitled'] as const) fill(name, numberText(told.tally?.[name] ?? 0));
  stage(told.holds ? 'holds' : 'fails');
}

part('here').hidden = false;
onPress(
  'recount',
  () =>
    new Promise<void>((resolve) => {
      stage('working');
      const worker = workerAt(setting('worker'));
      const end = (): void => {
        worker.terminate();
        resolve();
      };
      worker.onmessage = ({ data }: MessageEvent<Told>) => hear(data, end);
      worker.onerror = () => hear({ stopped: 'worker' }, end);
      worker.postMessage({
        base: setting('base'),
        letter: setting('letter'),
        origin: setting('origin'),
        key: setting('key'),
      });
    }),
);
