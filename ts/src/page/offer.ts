/** What a member may do now, in words and figures: how well one hides, which ways there are, until when to wait. */

import type { LetterSaid } from './calls.ts';
import { fill, momentText, numberText, percentText, when } from './dom.ts';
import { CROWDED_PERCENT, hiding } from './hiding.ts';
import type { Count, Stand } from './standing.ts';

/** Show them, and which ways there are, to somebody who may sign now, one of `among` in the ring. */
export function showOffer(now: Extract<Stand, { is: 'ready' }>, among: number, count: Count, terms: LetterSaid): void {
  const figures = hiding(among, count.named, count.unnamed);
  fill('among', numberText(among));
  fill('least', numberText(terms.ring_min));
  fill('named', numberText(figures.named));
  fill('unnamed', numberText(figures.unnamed));
  fill('others', numberText(figures.others));
  fill('share-now', percentText(figures.now));
  fill('share-end', percentText(figures.atTheEnd));
  fill('enrolled', numberText(count.enrolled));
  fill('entitled', numberText(count.entitled));
  fill('unnamed-from', momentText(terms.unnamed_from));
  const signedShare = count.signed / Math.max(1, count.enrolled);
  fill('share-signed', percentText(signedShare));
  when('crowded', 100 * signedShare > CROWDED_PERCENT);
  when('paused', count.paused);
  when('hiding', now.unnamed === 'yes' || now.unnamed === 'later');
  when('hidden', !figures.everybodyKnows);
  when('hidden-end', !figures.everybodyKnows && !figures.everybodyWill);
  when('known-end', !figures.everybodyKnows && figures.everybodyWill);
  when('everybody', figures.everybodyKnows);
  when('few', figures.few);
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
