/** What this device holds: the secret, what was signed with it, a copy of it, and forgetting all of it. */

import { announce, fill, numberText, onPress, onSubmit, part, setting, show, stage, when, wrong } from '../dom.ts';
import { count } from '../net.ts';
import { lock, MIN_PIN_CHARACTERS } from '../pin.ts';
import {
  acceptPin,
  acceptSecret,
  base,
  carryRow,
  computer,
  eraseClosed,
  listWords,
  saveSecret,
  say,
  trying,
  wordsIn,
} from '../session.ts';
import { forget, groups, type KeptGroup, type KeptLetter, letters, locks } from '../store.ts';

let kept: KeptGroup | undefined;
let mine: KeptLetter[] = [];

async function start(): Promise<void> {
  kept = await groups.get(base);
  if (kept === undefined) {
    stage('empty', { focus: false });
    return;
  }
  // What is held is shown even if the server cannot be reached.
  const held = await computer.ask('hold', { file: kept.file });
  await showHeld(held.erased);
  stage('holds', { focus: false });
  if (location.hash === '#mine') part('mine').focus();
  await computer.ask('group', { base, roll: kept.roll, mark: kept.mark });
  ({ kept } = await eraseClosed(kept, await letters.all(base), isOver));
  await showHeld((await computer.ask('hold', { file: kept.file })).erased);
  if (kept.outbox !== undefined) {
    kept = await carryRow(kept, () => undefined);
    await showHeld(held.erased);
  }
}

onPress('check-row', async () => {
  await trying(async () => {
    const found = await computer.ask('ownRow', { name: kept?.name });
    if (found === undefined) {
      say({ name: 'row-gone' });
      return;
    }
    fill('role', found.role ?? '');
    when('row-role', found.role !== undefined);
    when('row-checked', true);
  });
});

async function isOver(letter: string): Promise<boolean> {
  return (await count(base, letter)).closed;
}

async function showHeld(erased: number): Promise<void> {
  when('kind-slots', kept!.kind === 'slots');
  when('kind-seed', kept!.kind === 'seed');
  when('has-name', kept!.name !== undefined);
  fill('name', kept!.name ?? '');
  when('row-on', kept!.onRoll);
  when('row-waits', !kept!.onRoll);
  when('erased', erased > 0);
  fill('erased', numberText(erased));
  when('no-copy', !kept!.saved);
  const locked = (await locks.get(base)) !== undefined;
  show('unlock-form', locked);
  show('mine', !locked);
  if (!locked) listMine(await letters.all(base));
}

/** Letters that this device has something to do with, each a link to where it can be changed. */
function listMine(list: readonly KeptLetter[]): void {
  mine = list.filter(({ done, outbox, wish }) => done || outbox !== undefined || wish !== undefined);
  when('nothing', mine.length === 0);
  when('some', mine.length > 0);
  const pattern = part<HTMLElement>('mine-item') as unknown as HTMLTemplateElement;
  part('mine-list').replaceChildren(
    ...mine.map(({ token, title }) => {
      const item = pattern.content.cloneNode(true) as DocumentFragment;
      const link = item.querySelector('a')!;
      link.href = `${setting('letters')}${token}/sign/`;
      link.textContent = title;
      link.dir = 'auto';
      return item;
    }),
  );
}

onPress('save-copy', async () => {
  saveSecret(kept!.file);
  kept = { ...kept!, saved: true };
  await groups.put(base, kept);
  when('no-copy', false);
  announce('saved');
});

onPress('show-words', () => {
  show('words-warning');
  part('words-warning').focus();
});
onPress('show-words-now', async () => {
  await trying(async () => {
    await computer.ask('group', { base, roll: kept!.roll });
    listWords(await wordsIn(document.documentElement.lang.startsWith('fr') ? 'french' : 'english'));
    show('words-list');
  });
});

acceptPin(async (pin, hidden) => {
  let locked = hidden;
  await trying(async () => {
    const { kept: next, left } = await eraseClosed(kept!, hidden, isOver);
    if (left.length < hidden.length) await locks.put(base, await lock(pin, left));
    kept = next;
    locked = left;
  });
  show('unlock-form', false);
  show('mine');
  const open = await letters.all(base);
  listMine([...locked.filter((one) => !open.some(({ letter }) => letter === one.letter)), ...open]);
});

onSubmit('lock-form', async () => {
  const field = part('lock-form').querySelector('input')!;
  const short = field.value.length < MIN_PIN_CHARACTERS;
  wrong(field, short ? 'short' : undefined);
  if (short) {
    field.focus();
    return;
  }
  const done = mine.filter((one) => one.outbox === undefined && one.wish === undefined);
  await locks.put(base, await lock(field.value, done));
  // What is still on its way stays readable: the page that signs must find it without a PIN.
  for (const { letter } of done) await letters.remove(base, letter);
  field.value = '';
  show('mine', false);
  show('unlock-form');
  announce('locked');
});

onPress('forget', () => {
  show('forget-sure');
  part('forget-sure').focus();
});
onPress('forget-not', () => {
  show('forget-sure', false);
  part('forget').focus();
});
onPress('forget-now', async () => {
  await forget(base);
  kept = undefined;
  announce('forgotten');
  stage('empty');
});

acceptSecret(
  () => computer.ask('group', { base }),
  async () => {
    await start();
  },
);

say(undefined);
await trying(start);
