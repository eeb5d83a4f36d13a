/** Signing one letter: read and check the record, choose, prove, send, see it recorded; and change one's mind. */

import type { GroupSaid, Later, LetterSaid, Made } from '../calls.ts';
import { carry, type News } from '../courier.ts';
import {
  announce,
  chosen,
  download,
  fill,
  momentText,
  onPress,
  onSubmit,
  part,
  setting,
  show,
  stage,
  when,
  wrong,
} from '../dom.ts';
import { count as askCount, isFinal } from '../net.ts';
import { onReminder, showHiding, showOffer, showWaiting } from '../offer.ts';
import { lock } from '../pin.ts';
import { problemOf } from '../problem.ts';
import {
  acceptPin,
  acceptSecret,
  base,
  carryRow,
  computer,
  eraseClosed,
  isPast,
  say,
  trying,
  whyQueued,
} from '../session.ts';
import { type Count, clockIsWrong, type Seat, type Stand, standOf, wishTime } from '../standing.ts';
import { groups, type KeptGroup, type KeptLetter, letters, locks, type Outbox } from '../store.ts';

type Way = 'name' | 'unnamed' | 'role';

const id = setting('letter');
let group: GroupSaid | undefined;
let terms: LetterSaid;
let count: Count;
let kept: KeptGroup | undefined;
let own: KeptLetter | undefined;
let stand: Stand;
let seat: Seat | undefined;
let way: Way = 'unnamed';
let receipt = '';
/** Whether a PIN hides what this device did, whatever letter this is; then the PIN, and what it hid. */
let locked = false;
let pin = '';
let hidden: readonly KeptLetter[] = [];

async function openGroup(): Promise<GroupSaid> {
  group ??= await computer.ask('group', { base, roll: kept?.roll, mark: kept?.mark });
  return group;
}

async function start(): Promise<void> {
  stage('loading', { focus: false });
  kept = await groups.get(base);
  if (kept === undefined) {
    stage('stranger', { focus: false });
    return;
  }
  own = await letters.get(base, id);
  locked ||= pin === '' && (await locks.get(base)) !== undefined;
  await openGroup();
  await computer.ask('hold', { file: kept.file });
  await goOn();
}

/** What was on its way first. A letter that is over is forgotten even where the PIN is not given. */
async function goOn(): Promise<void> {
  await (locked || own?.outbox === undefined ? judge() : follow(own.outbox));
}

/** Where the member stands, from the record itself; then show it. */
async function judge(): Promise<void> {
  count = await askCount(base, id);
  when('clock', clockIsWrong(count, Date.now() / 1000));
  fill('server-time', momentText(count.now));
  terms = await computer.ask('letter', { index: Number(setting('index')), id });
  if (kept !== undefined) {
    kept = { ...kept, mark: group!.mark };
    await groups.put(base, kept);
  }
  const closed = count.closed || count.now >= count.closing;
  // The count is nobody's signed word: an older epoch than one that was proven here would hide the member among fewer.
  const epoch = Math.max(count.epoch ?? 0, kept?.epoch ?? 0);
  seat = count.epoch === null || closed ? undefined : await computer.ask('seat', { epoch });
  stand = standOf(count, terms, seat);
  if (seat !== undefined && kept !== undefined) {
    kept = { ...kept, onRoll: true, epoch };
    await groups.put(base, kept);
  }
  if (stand.is === 'closed') {
    await drop('wish');
    await forgetSlot();
    stage('closed', { focus: false });
  } else if (locked) {
    show('unlock-form');
    stage('pin', { focus: false });
  } else if (stand.is === 'used') await showUsed();
  else if (stand.is === 'wait' && stand.why === 'epoch' && kept?.onRoll === false && kept.outbox === undefined) {
    // A secret that was brought along, and that nobody has enrolled with.
    stage('stopped', { focus: false });
    say({ name: 'secret-unlisted' });
  } else if (stand.is === 'wait') await showWait(stand);
  else {
    showReady(stand);
    // What takes most of the time is done while the page is read; nothing of it is a signature.
    if (stand.unnamed === 'yes') void computer.ask('prepare', {}).catch(() => undefined);
    if (own?.wish !== undefined) await wait(own.wish);
  }
}

async function forgetSlot(): Promise<void> {
  if (kept?.kind === 'slots' && count.closed && isPast(terms.closing)) {
    // Also where nothing was signed: a secret that is gone cannot show even that.
    kept = { ...kept, file: (await computer.ask('erase', { slot: terms.slot })).file };
    await groups.put(base, kept);
  }
  const isOver = async (letter: string): Promise<boolean> => (await askCount(base, letter)).closed;
  ({ kept } = await eraseClosed(kept!, await letters.all(base), isOver));
}

function showReady(now: Extract<Stand, { is: 'ready' }>): void {
  showOffer(now, seat!, count, terms);
  part<HTMLInputElement>('my-name-field').value = kept?.name ?? '';
  part<HTMLInputElement>('my-role-field').value = kept?.role ?? '';
  wayChanged();
  stage('ready', { focus: false });
}

function wayChanged(): void {
  const said = chosen('way');
  way = said === 'name' || said === 'role' ? said : 'unnamed';
  if (seat !== undefined) showHiding(seat, count, way === 'role');
  when('name-wanted', way === 'name' && kept?.name === undefined);
  when('role-wanted', way === 'name' && kept?.name === undefined && (group?.roles.length ?? 0) > 0);
}

part('way-form').addEventListener('change', wayChanged);
onSubmit('way-form', () => {
  say(undefined);
  if (chosen('way') === undefined) return;
  const field = part<HTMLInputElement>('my-name-field');
  const missing = way === 'name' && field.value.trim() === '';
  wrong(field, missing ? 'empty' : undefined);
  if (missing) {
    field.focus();
    return;
  }
  fill('confirm-name', field.value.trim());
  when('confirm-unnamed', way !== 'name');
  when('confirm-role', way === 'role');
  when('confirm-name', way === 'name');
  stage('confirm');
});
onPress('back', () => stage('ready'));
onPress('sign', async () => {
  await trying(() => sign(way));
});

async function sign(chosenWay: Way): Promise<void> {
  const bar = part<HTMLProgressElement>('progress');
  bar.value = 0;
  announce('making');
  stage('working');
  const name = kept?.name ?? part<HTMLInputElement>('my-name-field').value.trim();
  const role = kept?.role ?? (part<HTMLInputElement>('my-role-field').value.trim() || undefined);
  const asked = chosenWay === 'name' ? { way: chosenWay, name, role } : { way: chosenWay };
  let made: Made;
  try {
    made = await computer.ask('sign', asked, (share) => {
      if (share >= 0.5 && bar.value < 0.5) announce('half');
      bar.value = share;
    });
  } catch (error) {
    stage('stopped', { focus: false });
    throw error;
  }
  performance.mark('ruban-proof-ready');
  await send(made, chosenWay === 'name' ? 'name' : 'unnamed');
}

async function send(made: Made, act: Outbox['act']): Promise<void> {
  await follow({ to: 'submit', act, ...made });
}

/** What the device keeps of this letter: which it is, and what is on its way. */
async function keep(change: Partial<KeptLetter>): Promise<void> {
  const before = own ?? {
    letter: id,
    token: setting('token'),
    title: part('title').textContent ?? '',
    slot: terms.slot,
    index: Number(setting('index')),
    closing: terms.closing,
    done: false,
  };
  own = { ...before, ...change };
  await letters.put(base, own);
}

async function drop(what: 'outbox' | 'wish', change: Partial<KeptLetter> = {}): Promise<void> {
  if (own === undefined) return;
  const { [what]: _gone, ...rest } = own;
  own = { ...rest, ...change };
  const waits = own.outbox !== undefined || own.wish !== undefined;
  if (pin !== '' && !waits && own.done) {
    // Back behind the PIN that it was given with.
    hidden = [...hidden.filter(({ letter }) => letter !== id), own];
    await locks.put(base, await lock(pin, hidden));
  }
  if (waits || (own.done && pin === '')) await letters.put(base, own);
  else await letters.remove(base, id);
}

/** Send it, until the record has it; then delete it here. */
async function follow(outbox: Outbox): Promise<void> {
  // On the disk before it is sent: a server that stops in the middle gets the very same bytes again.
  if (own?.outbox?.leaf !== outbox.leaf) await keep({ outbox });
  announce('sending');
  try {
    const found = await carry(outbox, { base, computer, keep: (next) => keep({ outbox: next }), tell: showSent });
    receipt = found.receipt;
    await drop('outbox', { done: true });
    if (kept !== undefined) {
      kept = { ...kept, mark: found.mark };
      await groups.put(base, kept);
    }
    if (outbox.act === 'name' || outbox.act === 'unnamed') await drop('wish');
    sentIs('recorded');
    announce('recorded');
  } catch (error) {
    // What the server will never take would only show what was tried. What it has promised is evidence, and else it waits.
    if (isFinal(error) && own?.outbox?.promise === undefined) await drop('outbox');
    stage('stopped', { focus: false });
    if (outbox.act === 'name' || outbox.act === 'unnamed') throw error;
    await changed(error);
  }
}

function sentIs(how: 'queued' | 'received' | 'recorded'): void {
  const fresh = document.querySelector<HTMLElement>('[data-stage="sent"]')!.hidden;
  for (const one of ['queued', 'received', 'recorded']) when(one, one === how);
  if (fresh || how === 'recorded') stage('sent');
}

function showSent(news: News): void {
  if (news.is === 'received') {
    fill('due', momentText(news.due));
    announce('received');
  } else whyQueued(news.error);
  sentIs(news.is);
}

onPress('save-receipt', () => {
  download('receipt.txt', new TextEncoder().encode(receipt), 'text/plain');
});

async function showUsed(): Promise<void> {
  await drop('wish');
  const standing = await computer.ask('standing', {});
  const stands = standing !== undefined && !standing.withdrawn;
  when('stands-unnamed', stands && !standing.named);
  when('stands-name', stands && standing.named);
  when('withdrawn', standing?.withdrawn === true);
  when('can-change', stands);
  when('can-step', stands && !standing.named && terms.ways.includes('name'));
  when('step-name-wanted', kept?.name === undefined);
  stage('used', { focus: false });
}

/** If another device of the member's was faster: show how the signature stands now. */
async function changed(error: unknown): Promise<void> {
  const { name } = problemOf(error);
  if (name !== 'changed' && name !== 'stale') throw error;
  await judge();
  say({ name: 'changed' });
}

async function change(said: Later, act: Outbox['act']): Promise<void> {
  await trying(async () => {
    const made = await computer.ask('later', said).catch(changed);
    if (made !== undefined) await send(made, act);
  });
}

onSubmit('comment-form', async () => {
  const field = part('comment-form').querySelector('textarea')!;
  const text = field.value.trim();
  const fits = text !== '' && new TextEncoder().encode(text.normalize('NFC')).length <= 1000;
  wrong(field, fits ? undefined : 'form');
  if (fits) await change({ action: 'comment', text }, 'comment');
  else field.focus();
});
onPress('step', async () => {
  const field = part<HTMLInputElement>('step-name-field');
  const name = kept?.name ?? field.value.trim();
  wrong(field, name === '' ? 'empty' : undefined);
  if (name === '') field.focus();
  else await change({ action: 'name', name, role: kept?.role }, 'step');
});
onPress('withdraw', () => {
  show('withdraw-sure');
  part('withdraw-sure').focus();
});
onPress('withdraw-not', () => {
  show('withdraw-sure', false);
  part('withdraw').focus();
});
onPress('withdraw-now', () => change({ action: 'withdraw' }, 'withdraw'));

async function showWait(wait: Extract<Stand, { is: 'wait' }>): Promise<void> {
  showWaiting(wait, kept?.outbox !== undefined);
  const wish = own?.wish;
  // The list did not grow at its time, for too few had enrolled: it waits for the next one.
  if (wish !== undefined) await (wish.after > count.now ? showWished(wish) : keepWish(wish.way));
  else stage('wait', { focus: false });
  if (kept?.outbox !== undefined) {
    kept = await carryRow(kept, (news) => {
      const received = news.is === 'received';
      if (received) fill('row-due', momentText(news.due));
      when('wait-row', received);
      when('wait-unsent', !received);
    });
    await judge();
  }
}

type Wish = NonNullable<KeptLetter['wish']>;

function showWished(wish: Wish): void {
  when('wished-unnamed', wish.way === 'unnamed');
  when('wished-name', wish.way === 'name');
  fill('wish-after', momentText(wish.after));
  stage('wished', { focus: false });
}

/** Keep a choice, to be carried out at random after the next signing time. */
async function keepWish(wanted: Wish['way']): Promise<void> {
  const next = stand.is === 'wait' && stand.at !== undefined ? stand.at : count.now;
  const from = wanted === 'unnamed' ? Math.max(next, terms.unnamed_from) : next;
  const draw = crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32;
  const wish = { way: wanted, after: wishTime(from, count.closing, draw) };
  await keep({ wish });
  showWished(wish);
}

onPress('keep-wish', async () => {
  const wanted = chosen('wish');
  if (wanted === 'name' || wanted === 'unnamed') await trying(() => keepWish(wanted));
});
onPress('drop-wish', async () => {
  await trying(async () => {
    await drop('wish');
    await judge();
  });
});

/** Carry out a kept choice once its time has come, while the page is open. */
async function wait(wish: Wish): Promise<void> {
  const left = wish.after - count.now;
  if (stand.is !== 'ready') return;
  if (left <= 0) {
    if (wish.way === 'name' ? stand.name && kept?.name !== undefined : stand.unnamed === 'yes') await sign(wish.way);
    return;
  }
  showWished(wish);
  setTimeout(() => void trying(judge), Math.min(left, 3600) * 1000);
}

onReminder(['calendar', 'calendar-wish'], () => {
  const next = stand.is === 'wait' ? stand.at : undefined;
  return [own?.wish?.after ?? next ?? count.now + 86_400, count.now];
});

acceptPin(async (given, found) => {
  pin = given;
  hidden = found;
  locked = false;
  await trying(goOn);
});
acceptSecret(openGroup, async (loaded) => {
  kept = loaded;
  await judge();
});

async function begin(): Promise<void> {
  if (!(await trying(start))) stage('stopped', { focus: false });
}

onPress('again', begin);
await begin();
