/**
 * A colleague's part of the invitations: opened here, with the key behind the `#` of the link, which no server is sent.
 * Nothing is reported back: which invitation was passed on, or used, this page neither knows nor tells.
 */

interface Invitation {
  readonly name: string;
  readonly link: string;
  /** The last day of its code, as a sentence in each language; empty for one without end. */
  readonly until: Readonly<Record<string, string>>;
  readonly size: number;
  readonly bits: string;
}

const SVG = 'http://www.w3.org/2000/svg';
const NONCE_BYTES = 12;
const QUIET_MODULES = 4;

function named<E extends HTMLElement>(name: string): E {
  const found = document.querySelector<E>(`[data-steward="${name}"]`);
  if (found === null) throw new TypeError(`the template lacks ${name}`);
  return found;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

async function open(sealed: Uint8Array<ArrayBuffer>, key: string, token: string): Promise<readonly Invitation[]> {
  const made = await crypto.subtle.importKey('raw', bytesOf(key), 'AES-GCM', false, ['decrypt']);
  const algorithm = {
    name: 'AES-GCM',
    iv: sealed.slice(0, NONCE_BYTES),
    additionalData: new TextEncoder().encode(token),
  };
  const opened = await crypto.subtle.decrypt(algorithm, made, sealed.slice(NONCE_BYTES));
  return JSON.parse(new TextDecoder().decode(opened)) as Invitation[];
}

function picture(invitation: Invitation): SVGElement {
  const { size } = invitation;
  const bits = bytesOf(invitation.bits);
  const all = size + 2 * QUIET_MODULES;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${all} ${all}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', invitation.name);
  const ground = document.createElementNS(SVG, 'rect');
  ground.setAttribute('width', String(all));
  ground.setAttribute('height', String(all));
  ground.setAttribute('fill', '#fff');
  const dark = document.createElementNS(SVG, 'path');
  let squares = '';
  for (let place = 0; place < size * size; place += 1) {
    if (((bits[place >> 3] ?? 0) >> (7 - (place & 7))) & 1) {
      squares += `M${(place % size) + QUIET_MODULES} ${Math.floor(place / size) + QUIET_MODULES}h1v1h-1z`;
    }
  }
  dark.setAttribute('d', squares);
  dark.setAttribute('fill', '#000');
  svg.append(ground, dark);
  return svg;
}

function entry(invitation: Invitation, message: string): HTMLElement {
  const made = named<HTMLTemplateElement>('person').content.cloneNode(true) as DocumentFragment;
  const item = made.querySelector('li');
  if (item === null) throw new TypeError('the template lacks a person');
  const slot = (name: string): HTMLElement => {
    const found = item.querySelector<HTMLElement>(`[data-slot="${name}"]`);
    if (found === null) throw new TypeError(`the template lacks ${name}`);
    return found;
  };
  const until = invitation.until[document.documentElement.lang] ?? '';
  const text = `${message} ${invitation.link} ${until}`.trim();
  slot('name').textContent = invitation.name;
  for (const name of ['share', 'copy', 'sms', 'show']) {
    const button = slot(name);
    button.setAttribute('aria-label', `${button.textContent} · ${invitation.name}`);
  }
  const share = slot('share');
  share.hidden = !('share' in navigator);
  share.addEventListener('click', () => {
    navigator.share({ text }).catch(() => undefined);
  });
  slot('copy').addEventListener('click', () => {
    void navigator.clipboard.writeText(text).then(() => {
      named('copied').hidden = false;
    });
  });
  slot('sms').setAttribute('href', `sms:?&body=${encodeURIComponent(text)}`);
  const code = slot('code');
  slot('show').addEventListener('click', () => {
    if (code.childElementCount === 0) code.append(picture(invitation));
    code.hidden = !code.hidden;
    slot('show').setAttribute('aria-expanded', String(!code.hidden));
  });
  return item;
}

async function begin(): Promise<void> {
  const list = named('list');
  // The other language is the same page: it needs the key too.
  for (const other of document.querySelectorAll<HTMLAnchorElement>('a[hreflang]')) other.hash = location.hash;
  try {
    const { sealed = '', token = '', message = '' } = list.dataset;
    const people = await open(bytesOf(sealed), location.hash.slice(1), token);
    const items = people.map((one) => ({ one, item: entry(one, message) }));
    named('people').append(...items.map(({ item }) => item));
    const find = list.querySelector<HTMLInputElement>('input[type="search"]');
    find?.addEventListener('input', () => {
      const wanted = find.value.toLocaleLowerCase();
      for (const { one, item } of items) item.hidden = !one.name.toLocaleLowerCase().includes(wanted);
    });
    list.hidden = false;
  } catch {
    named('locked').hidden = false;
  }
}

void begin();
