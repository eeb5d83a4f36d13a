/**
 * What a page's script does to its page: show and hide what the server wrote, fill in figures, move the focus.
 *
 * No word stands here: sections, sentences and labels are the template's. `data-part` names an element, `data-stage` one
 * step of which one at a time is shown, `data-fill` a place for a figure, `data-if` what is shown while something is so.
 */

/** The element that the template named; TypeError if it forgot to. */
export function part<E extends HTMLElement = HTMLElement>(name: string): E {
  const found = document.querySelector<E>(`[data-part="${name}"]`);
  if (found === null) throw new TypeError(`the template lacks the part ${name}`);
  return found;
}

/** A setting that the template gives in the attribute `data-…` of the part `page`. */
export function setting(name: string): string {
  return part('page').dataset[name] ?? '';
}

export function show(name: string, visible = true): void {
  part(name).hidden = !visible;
}

/** Show or hide everything whose `data-if` is `name`. */
export function when(name: string, holds: boolean): void {
  for (const element of document.querySelectorAll<HTMLElement>(`[data-if="${name}"]`)) element.hidden = !holds;
}

/** Put `text` wherever `data-fill` is `name`. */
export function fill(name: string, text: string): void {
  for (const element of document.querySelectorAll(`[data-fill="${name}"]`)) element.textContent = text;
}

/** Show one step and hide the others; its heading takes the focus, so that it is read and the keyboard stands there. */
export function stage(name: string, { focus = true } = {}): void {
  let shown: HTMLElement | undefined;
  for (const element of document.querySelectorAll<HTMLElement>('[data-stage]')) {
    element.hidden = element.dataset['stage'] !== name;
    if (!element.hidden) shown = element;
  }
  if (shown === undefined) throw new TypeError(`the template lacks the stage ${name}`);
  const heading = shown.querySelector<HTMLElement>('h2:not([hidden])');
  if (focus && heading !== null) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    shown.scrollIntoView({ block: 'start' });
  }
}

export function currentStage(): string | undefined {
  return document.querySelector<HTMLElement>('[data-stage]:not([hidden])')?.dataset['stage'];
}

/** Say a sentence of the template (`data-say`) in the live region. */
export function announce(name: string): void {
  const sentence = document.querySelector(`[data-say="${name}"]`);
  if (sentence !== null) part('live').textContent = sentence.textContent;
}

/** Do `work` when the part is pressed; while it runs the part takes no second press. */
export function onPress(name: string, work: () => void | Promise<void>): void {
  const element = part(name);
  let busy = false;
  element.addEventListener('click', async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    element.setAttribute('aria-disabled', 'true');
    try {
      await work();
    } finally {
      busy = false;
      element.removeAttribute('aria-disabled');
    }
  });
}

/** Mark a field as wrong, with the sentence of the template that says why; none of them if `which` is undefined. */
export function wrong(field: HTMLElement, which: string | undefined): void {
  const help = document.querySelectorAll<HTMLElement>(`[data-wrong-of="${field.id}"]`);
  for (const sentence of help) sentence.hidden = sentence.dataset['wrong'] !== which;
  if (which === undefined) field.removeAttribute('aria-invalid');
  else field.setAttribute('aria-invalid', 'true');
}

/** The value of the radio button that is chosen among those called `name`. */
export function chosen(name: string): string | undefined {
  return document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value;
}

// The reader's own way of writing the page's language, where the browser knows one: en-GB, fr-CH.
const { lang } = document.documentElement;
const locale = navigator.languages.find((one) => one.startsWith(lang)) ?? lang;

export function numberText(value: number): string {
  return new Intl.NumberFormat(locale).format(value);
}

export function percentText(value: number): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(value);
}

/** A time as the reader's clock and language have it. */
export function momentText(unix: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(unix * 1000));
}

/** Offer bytes as a file of this name. */
export function download(name: string, bytes: Uint8Array, media: string): void {
  const address = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: media }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Do `work` when the form is sent; it goes nowhere else. While it runs, another sending of it is ignored. */
export function onSubmit(name: string, work: () => void | Promise<void>): void {
  let busy = false;
  part<HTMLFormElement>(name).addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
    }
  });
}
