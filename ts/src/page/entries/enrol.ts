/** Enrolling: the code, whose it is, a secret that this device makes, and the row seen in the record. */

import { askToPersist, judge as judgeBrowser, type Memory, signsHere } from '../browser.ts';
import type { Made } from '../calls.ts';
import { judge, looksLikeWords, type Typed } from '../code.ts';
import {
  announce,
  chosen,
  currentStage,
  fill,
  momentText,
  numberText,
  onPress,
  onSubmit,
  part,
  show,
  stage,
  when,
  wrong,
} from '../dom.ts';
import { isFinal, post } from '../net.ts';
import { problemOf } from '../problem.ts';
import {
  base,
  carryRow,
  computer,
  listWords,
  saveSecret,
  say,
  trying,
  whyQueued,
  wordLists,
  wordsIn,
} from '../session.ts';
import { forget, groups, type KeptGroup, works } from '../store.ts';

const codeField = part<HTMLInputElement>('code-form').querySelector('input')!;
let code = '';
let person: { name: string; role: string | null } | undefined;
let kept: KeptGroup | undefined;
let memory: Memory = 'lasting';
let stores = true;
let words: string[] = [];
let places: readonly [number, number] = [1, 2];

// The code was in the address; from now on it is not, nor in the history.
const brought = location.hash.slice(1).replaceAll('%20', ' ');
if (brought !== '') history.replaceState(null, '', location.pathname);
// A link of another invitation, opened where this page is open already, changes nothing but the fragment.
addEventListener('hashchange', () => location.reload());

async function start(): Promise<void> {
  stores = await works();
  memory = judgeBrowser(await signsHere(stores));
  kept = stores ? await groups.get(base) : undefined;
  if (kept?.outbox !== undefined) {
    await follow();
    return;
  }
  if (kept !== undefined) {
    stage('already', { focus: false });
    return;
  }
  warnOfMemory();
  if (brought !== '') {
    codeField.value = brought;
    await look();
  }
}

function warnOfMemory(): void {
  for (const kind of ['inapp', 'private', 'none']) when(kind, kind === memory);
  show('memory', memory !== 'lasting');
  const typed = judge(codeField.value);
  const fragment = typed.is === 'whole' ? `#${encodeURIComponent(typed.code)}` : '';
  part<HTMLInputElement>('elsewhere').value = location.origin + location.pathname + fragment;
}

/** What is wrong with the code as it stands; a code that is being typed on is not yet wrong for being short. */
function showTyped(typed: Typed, finished: boolean): void {
  let which: string | undefined;
  if (typed.is === 'wrong') which = typed.words ? 'words' : 'groups';
  else if (typed.is === 'long') which = 'long';
  else if (finished && (typed.is === 'empty' || typed.is === 'short')) which = typed.is;
  if (typed.is === 'wrong') fill('code-places', typed.places.map(numberText).join(', '));
  wrong(codeField, which);
}

async function judgeCode(): Promise<Typed> {
  const text = codeField.value;
  return looksLikeWords(text) ? judge(text, await wordLists()) : judge(text);
}

codeField.addEventListener('input', async () => {
  say(undefined);
  show('dispute-offer', false);
  const typed = await judgeCode().catch(() => undefined);
  if (typed !== undefined) showTyped(typed, false);
  warnOfMemory();
});

async function look(): Promise<void> {
  show('dispute-offer', false);
  show('disputed', false);
  await trying(async () => {
    const typed = await judgeCode();
    showTyped(typed, true);
    if (typed.is !== 'whole') {
      codeField.focus();
      return;
    }
    code = typed.code;
    const said = await post(`${base}/invitation`, JSON.stringify({ code })).catch((error: unknown) => {
      // Only who has the code learns that it was used, and may say by whom not.
      show('dispute-offer', problemOf(error).name === 'code-spent');
      throw error;
    });
    person = JSON.parse(said) as { name: string; role: string | null };
    fill('name', person.name);
    fill('role', person.role ?? '');
    when('role', person.role !== null);
    warnOfMemory();
    stage('whose');
  });
}

onSubmit('code-form', look);
onPress('dispute', async () => {
  await trying(async () => {
    await post(`${base}/dispute`, JSON.stringify({ code }));
    say(undefined);
    show('dispute-offer', false);
    show('disputed');
    part('disputed').focus();
  });
});
onPress('other-code', () => {
  person = undefined;
  stage('start', { focus: false });
  codeField.focus();
});

onPress('enrol', async () => {
  await trying(async () => {
    const kind = chosen('kind') === 'seed' ? 'seed' : 'slots';
    const said = await computer.ask('group', { base });
    const held = await computer.ask('fresh', { kind });
    kept = {
      roll: said.roll,
      origin: said.origin,
      kind,
      file: held.file,
      onRoll: false,
      saved: false,
      mark: said.mark,
    };
    if (kind === 'seed') {
      show('words-shown', false);
      stage('words');
    } else if (memory !== 'lasting') stage('keep');
    else await enrol();
  });
});

onPress('show-words', async () => {
  await trying(async () => {
    words = await wordsIn(chosen('words-language') === 'french' ? 'french' : 'english');
    listWords(words);
    const [a, b] = [...crypto.getRandomValues(new Uint8Array(2))].map((byte) => byte % 12) as [number, number];
    places = [a + 1, b + 13];
    fill('word-a-place', numberText(places[0]));
    fill('word-b-place', numberText(places[1]));
    show('words-shown');
  });
});

onSubmit('words-form', async () => {
  const plain = (text: string): string => text.trim().toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  const fields = [...part('words-form').querySelectorAll('input')];
  const right = fields.every((field, i) => plain(field.value) === plain(words[places[i]! - 1]!));
  wrong(fields[0]!, right ? undefined : 'other');
  if (!right) {
    fields[0]!.focus();
    return;
  }
  kept = { ...kept!, saved: true };
  words = [];
  part('words-list').replaceChildren();
  await enrol();
});

onPress('save-first', () => saveSecret(kept!.file));
onSubmit('keep-form', async () => {
  const field = part('keep-form').querySelector('input')!;
  const bytes = new Uint8Array((await field.files?.[0]?.arrayBuffer()) ?? new ArrayBuffer(0));
  const same = bytes.length === kept!.file.length && bytes.every((byte, i) => byte === kept!.file[i]);
  wrong(field, same ? undefined : 'other');
  if (!same) {
    field.focus();
    return;
  }
  kept = { ...kept!, saved: true };
  await enrol();
});

async function enrol(): Promise<void> {
  step('making');
  stage('working');
  const role = person!.role ?? undefined;
  const bar = part<HTMLProgressElement>('progress');
  let made: Made;
  try {
    made = await computer.ask('row', { code, name: person!.name, role }, (share) => {
      bar.value = share;
    });
  } catch (error) {
    stage('whose', { focus: false });
    say(problemOf(error));
    return;
  }
  const outbox = { to: 'enrol' as const, act: 'enrol' as const, ...made };
  kept = { ...kept!, name: person!.name, ...(role === undefined ? {} : { role }), outbox };
  // On the disk before it is sent: a code must not be spent for a secret that is lost.
  if (stores) {
    await askToPersist();
    await groups.put(base, kept);
  }
  bar.removeAttribute('value');
  await follow();
}

function step(name: 'making' | 'sending' | 'checking'): void {
  for (const one of ['making', 'sending', 'checking']) when(one, one === name);
  if (name !== 'checking') announce(name);
}

/** Send the row, until the record has it; nothing is lost if this page is closed meanwhile. */
async function follow(): Promise<void> {
  step('sending');
  stage('working');
  let waited: ReturnType<typeof setTimeout> | undefined;
  try {
    await computer.ask('group', { base, roll: kept!.roll, mark: kept!.mark });
    await computer.ask('hold', { file: kept!.file });
    kept = await carryRow(
      kept!,
      (news) => {
        if (news.is === 'queued') void done('queued', news.error);
        else {
          fill('due', momentText(news.due));
          step('checking');
          waited ??= setTimeout(() => void done('pending'), 8000);
        }
      },
      stores,
    );
    clearTimeout(waited);
    await done('on-roll');
  } catch (error) {
    clearTimeout(waited);
    const problem = problemOf(error);
    const held = stores ? await groups.get(base) : kept;
    if (!isFinal(error) || held?.outbox?.promise !== undefined) {
      // The code may be spent on this secret already: it stays, whatever came in between.
      await done('queued');
      if (problem.name !== 'offline') say(problem);
      return;
    }
    // The server will never take it: nothing was spent, and another code may be typed.
    if (stores) await forget(base);
    kept = undefined;
    stage('start', { focus: false });
    say(problem);
  }
}

async function done(how: 'on-roll' | 'pending' | 'queued', error?: unknown): Promise<void> {
  for (const one of ['on-roll', 'pending', 'queued']) when(one, one === how);
  when('enrolled', how !== 'queued');
  if (how === 'queued') whyQueued(error);
  const persisted = (await navigator.storage?.persisted?.().catch(() => false)) ?? false;
  when('fragile', !persisted && kept?.saved !== true);
  const from = /^(?:\/[^?#]*)?\/letters\/[a-z2-7]{26}\//.exec(referrerPath());
  if (from !== null) part<HTMLAnchorElement>('to-letter').href = `${from[0]}sign/`;
  show('to-letter', from !== null);
  show('memory', false);
  if (how !== 'queued' || currentStage() !== 'done') stage('done');
}

function referrerPath(): string {
  if (document.referrer === '') return '';
  const { origin, pathname } = new URL(document.referrer);
  return origin === location.origin ? pathname : '';
}

onPress('save-copy', async () => {
  if (kept === undefined) return;
  saveSecret(kept.file);
  kept = { ...kept, saved: true };
  if (stores) {
    const current = await groups.get(base);
    if (current !== undefined) await groups.put(base, { ...current, saved: true });
  }
  when('fragile', false);
  announce('saved');
});

onPress('copy-address', async () => {
  const field = part<HTMLInputElement>('elsewhere');
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    announce('copied');
  } catch {
    // The address is selected: it can be copied by hand.
  }
});

await trying(start);
