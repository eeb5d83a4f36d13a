/** What a member may do now, in words and figures: how well one hides, which ways there are, until when to wait. */

import { calendarFile } from './calendar.ts';
import type { LetterSaid } from './calls.ts';
import { download, fill, momentText, numberText, onPress, part, percentText, when } from './dom.ts';
import { CROWDED_PERCENT, hiding, hidingInRole } from './hiding.ts';
import type { Count, Seat, Stand } from './standing.ts';

/** Show how well one hides at this seat, whether as one of all or `byRole`, to whoever is best placed to guess. */
export function showHiding({ among, role }: Seat, count: Count, byRole: boolean): void {
  const all = hiding(among, count.named, count.unnamed);
  const known = role === undefined ? undefined : hidingInRole(count, role.name, byRole);
  const inRole = known !== undefined && (byRole || known.now > all.now);
  const figures = inRole ? known : all;
  fill('hidden-among', numberText(figures.among));
  fill('named', numberText(figures.named));
  fill('unnamed', numberText(Math.round(figures.unnamed)));
  fill('others', numberText(figures.others));
  fill('share-now', percentText(figures.now));
  fill('share-end', percentText(figures.atTheEnd));
  when('among-all', !inRole);
  when('in-role', inRole);
  when('among-all-hidden', !inRole && !figures.everybodyKnows);
  when('in-role-hidden', inRole && !figures.everybodyKnows);
  when('hidden-end', !figures.everybodyKnows && !figures.everybodyWill);
  when('known-end', !figures.everybodyKnows && figures.everybodyWill);
  when('everybody', figures.everybodyKnows);
  when('few', figures.few);
}

/** Show which ways there are to somebody who may sign now. */
export function showOffer(now: Extract<Stand, { is: 'ready' }>, seat: Seat, count: Count, terms: LetterSaid): void {
  const { among, role } = seat;
  fill('among', numberText(among));
  when('has-role', role !== undefined);
  if (role !== undefined) {
    fill('role', role.name);
    fill('among-role', numberText(role.having));
    fill('others-role', numberText(role.others));
    when('role-enough', role.enough);
    when('role-few', !role.enough);
  }
  const asRole = document.querySelector<HTMLInputElement>('#way-role');
  if (asRole !== null) asRole.disabled = !role?.enough || count.now < terms.unnamed_from;
  fill('least', numberText(terms.ring_min));
  fill('enrolled', numberText(count.enrolled));
  fill('entitled', numberText(count.entitled));
  fill('unnamed-from', momentText(terms.unnamed_from));
  const signedShare = count.signed / Math.max(1, count.enrolled);
  fill('share-signed', percentText(signedShare));
  when('crowded', 100 * signedShare > CROWDED_PERCENT);
  when('paused', count.paused);
  when('hiding', now.unnamed === 'yes' || now.unnamed === 'later');
  when('unnamed-later', now.unnamed === 'later');
  when('unnamed-few', now.unnamed === 'few');
  const radio = document.querySelector<HTMLInputElement>('#way-unnamed');
  if (radio !== null && now.unnamed !== 'yes') {
    radio.disabled = true;
    radio.checked = false;
  }
  const byName = document.querySelector<HTMLInputElement>('#way-name');
  if (byName !== null && (radio === null || radio.disabled)) byName.checked = true;
}

/** Say what somebody waits for who cannot sign yet; `unsent` if their row is still on its way. */
export function showWaiting(wait: Extract<Stand, { is: 'wait' }>, unsent: boolean): void {
  when('wait-opening', wait.why === 'opening');
  when('wait-epoch', wait.why === 'epoch' && !unsent);
  when('wait-row', false);
  when('wait-unsent', unsent);
  when('epoch-known', wait.at !== undefined);
  when('epoch-unknown', wait.at === undefined);
  if (wait.at !== undefined) {
    fill('opening', momentText(wait.at));
    fill('next-epoch', momentText(wait.at));
  }
}

/** Give the reminder at any of these buttons; `times` says when it is for, and what time it is. */
export function onReminder(buttons: readonly string[], times: () => readonly [at: number, now: number]): void {
  for (const button of buttons) {
    onPress(button, () => {
      const file = calendarFile(part('calendar').dataset['title'] ?? '', ...times(), crypto.randomUUID());
      download('reminder.ics', new TextEncoder().encode(file), 'text/calendar');
    });
  }
}
