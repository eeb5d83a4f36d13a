/**
 * What this device did, behind a PIN: encrypted with a key that PBKDF2 makes of it.
 *
 * It keeps a colleague who borrows the device from reading the list; it keeps nobody out who copies the device's memory
 * and has an afternoon, since a PIN has few digits. The page says so.
 */

import type { Locked } from './store.ts';

const ROUNDS = 600_000;
export const MIN_PIN_CHARACTERS = 4;

async function keyOf(pin: string, salt: Uint8Array): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(pin.normalize('NFKC')),
    'PBKDF2',
    false,
    ['deriveKey'],
  );
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: Uint8Array.from(salt), iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** `value` as JSON, readable with the PIN alone. */
export async function lock(pin: string, value: unknown): Promise<Locked> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = new TextEncoder().encode(JSON.stringify(value));
  const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOf(pin, salt), data);
  return { salt, iv, bytes: new Uint8Array(bytes) };
}

/** What was locked; undefined if the PIN is another. */
export async function unlock(pin: string, { salt, iv, bytes }: Locked): Promise<unknown> {
  const key = await keyOf(pin, salt);
  try {
    const how = { name: 'AES-GCM', iv: Uint8Array.from(iv) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, Uint8Array.from(bytes))));
  } catch {
    return undefined;
  }
}
