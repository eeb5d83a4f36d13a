/** What the three pages of a member share: the worker, what is kept of the group, problems said, a secret brought along. */

import { Computer, type GroupSaid, type HeldSaid } from './calls.ts';
import { carry, type News, type Recorded } from './courier.ts';
import { download, fill, onSubmit, part, setting, show, when, wrong } from './dom.ts';
import { text } from './net.ts';
import { unlock } from './pin.ts';
import { type Problem, problemOf } from './problem.ts';
import { groups, type KeptGroup, type KeptLetter, letters, locks, type Outbox } from './store.ts';

export const base = setting('base');
export const computer = new Computer(setting('worker'));

/** Say what is in the way, where everybody finds it, and take the focus there; nothing for undefined. */
export function say(problem: Problem | undefined): void {
  const box = part('problem');
  box.hidden = problem === undefined;
  for (const sentence of box.querySelectorAll<HTMLElement>('[data-problem]')) {
    sentence.hidden = sentence.dataset['problem'] !== problem?.name;
  }
  show('problem-said', problem?.said !== undefined);
  show('problem-detail', problem?.detail !== undefined);
  fill('said', problem?.said ?? '');
  fill('detail', problem?.detail ?? '');
  if (problem !== undefined) box.focus();
}

/** Say why something waits here: the server cannot be reached, is paused, or had too much from this network. */
export function whyQueued(error: unknown): void {
  const { name } = error === undefined ? { name: 'offline' } : problemOf(error);
  const why = name === 'offline' || name === 'too-many' ? name : 'paused';
  for (const one of ['offline', 'paused', 'too-many']) when(`queued-${one}`, one === why);
}

/** Do `work`, and say what is in its way; whether nothing was. */
export async function trying(work: () => void | Promise<void>): Promise<boolean> {
  try {
    say(undefined);
    await work();
    return true;
  } catch (error) {
    say(problemOf(error));
    return false;
  }
}

let lists: Promise<string[][]> | undefined;

/** The two word lists, asked for once somebody needs them. */
export function wordLists(): Promise<string[][]> {
  const load = async (name: string): Promise<string[]> => (await text(setting(name))).trim().split('\n');
  lists ??= Promise.all([load('english'), load('french')]);
  lists.catch(() => {
    lists = undefined;
  });
  return lists;
}

/** The words of the secret that the worker holds, in the list of that name. */
export async function wordsIn(language: 'english' | 'french'): Promise<string[]> {
  const [english, french] = await wordLists();
  return (await computer.ask('words', { list: language === 'english' ? english! : french! })).split(' ');
}

export function listWords(words: readonly string[]): void {
  part('words-list').replaceChildren(
    ...words.map((word) => {
      const item = document.createElement('li');
      item.textContent = word;
      return item;
    }),
  );
}

/** Save the secret; a neutral name, since others see a download's. */
export function saveSecret(file: Uint8Array): void {
  download('secret.json', file, 'application/json');
}

/** Forms that bring a secret made elsewhere; `then` gets it once the worker holds it. */
export function acceptSecret(group: () => Promise<GroupSaid>, then: (kept: KeptGroup) => Promise<void>): void {
  const take = async (said: GroupSaid, held: HeldSaid): Promise<void> => {
    const kept: KeptGroup = {
      roll: said.roll,
      origin: said.origin,
      kind: held.kind,
      file: held.file,
      // Nobody has looked yet.
      onRoll: false,
      saved: true,
      mark: said.mark,
    };
    await groups.put(base, kept);
    await then(kept);
  };
  onSubmit('load-words-form', async () => {
    await trying(async () => {
      const said = await group();
      const field = part<HTMLFormElement>('load-words-form').querySelector('textarea')!;
      const held = await computer.ask('holdWords', { text: field.value, lists: await wordLists() });
      field.value = '';
      await take(said, held);
    });
  });
  onSubmit('load-file-form', async () => {
    await trying(async () => {
      const said = await group();
      const file = part<HTMLFormElement>('load-file-form').querySelector('input')!.files?.[0];
      const bytes = new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer(0));
      await take(said, await computer.ask('hold', { file: bytes }));
    });
  });
}

/** Bring a row to the server and see it in the record; what is kept of the group says how far it has come. */
export async function carryRow(kept: KeptGroup, tell: (news: News) => void, keeps = true): Promise<KeptGroup> {
  let current = kept;
  const put = async (next: KeptGroup): Promise<void> => {
    current = next;
    if (keeps) await groups.put(base, next);
  };
  const keep = (outbox: Outbox): Promise<void> => put({ ...current, outbox });
  const { mark }: Recorded = await carry(kept.outbox!, { base, computer, keep, tell });
  // It stands in the record: the code and the promise have done their work.
  const { outbox: _outbox, ...rest } = current;
  await put({ ...rest, onRoll: true, mark });
  return current;
}

/** Whether a time is over by the device's own clock: a server alone must not talk a device out of its secret. */
export const isPast = (seconds: number): boolean => Date.now() / 1000 >= seconds;

/**
 * Erase the secrets of letters that are over, and that anything was done with them: nothing is left to be found.
 *
 * The worker must hold the secret. Gives what is kept of the group then, and the letters of `list` that are not over.
 */
export async function eraseClosed(
  kept: KeptGroup,
  list: readonly KeptLetter[],
  isOver: (letter: string) => Promise<boolean>,
): Promise<{ kept: KeptGroup; left: KeptLetter[] }> {
  let current = kept;
  const left: KeptLetter[] = [];
  for (const one of list) {
    const maybe = kept.kind === 'slots' && one.outbox === undefined && isPast(one.closing);
    if (!maybe || !(await isOver(one.letter))) {
      left.push(one);
      continue;
    }
    current = { ...current, file: (await computer.ask('erase', { slot: one.slot })).file };
    await groups.put(base, current);
    await letters.remove(base, one.letter);
  }
  return { kept: current, left };
}

/** The form that asks for the PIN; `then` gets it, and what it hid. */
export function acceptPin(then: (pin: string, hidden: readonly KeptLetter[]) => Promise<void>): void {
  onSubmit('unlock-form', async () => {
    const field = part('unlock-form').querySelector('input')!;
    const pin = field.value;
    const hidden = (await unlock(pin, (await locks.get(base))!)) as KeptLetter[] | undefined;
    wrong(field, hidden === undefined ? 'other' : undefined);
    if (hidden === undefined) field.focus();
    else {
      field.value = '';
      await then(pin, hidden);
    }
  });
}
