/** What this device keeps, in IndexedDB: a secret a group, and what is on its way a letter. Nothing else knows it. */

/** A row or a signature that was made here and is not yet seen in the record. */
export interface Outbox {
  /** Where it goes: `enrol` or `submit`. */
  readonly to: 'enrol' | 'submit';
  /** What it is, for the page that shows how it stands. */
  readonly act: 'enrol' | 'unnamed' | 'name' | 'withdraw' | 'step' | 'comment';
  readonly body: string;
  /** SHA-256 of the leaf as RFC 6962 has it, in hexadecimal. */
  readonly leaf: string;
  /** Entries in the record when it was made: it can only stand behind them. */
  readonly since: number;
  /** The server's note, once it has answered. */
  readonly promise?: string;
}

/** A member's secret for one group, as the file that `ruban sign` reads. */
export interface KeptGroup {
  readonly roll: string;
  readonly origin: string;
  readonly kind: 'slots' | 'seed';
  readonly file: Uint8Array;
  readonly name?: string;
  readonly role?: string;
  /** The row on its way. */
  readonly outbox?: Outbox;
  /** Whether the row was seen in the record. */
  readonly onRoll: boolean;
  /** Whether a copy lies elsewhere. */
  readonly saved: boolean;
  /** The newest checkpoint that this device has accepted: later ones must grow out of it. */
  readonly mark?: string;
  /** The newest epoch that this device has proven itself to be in. */
  readonly epoch?: number;
}

/** What the device is to do with a letter, and what it did. */
export interface KeptLetter {
  readonly letter: string;
  readonly token: string;
  readonly title: string;
  readonly slot: number;
  readonly index: number;
  readonly closing: number;
  readonly outbox?: Outbox;
  /** To be signed at a random time after the next signing time, when a page is opened. */
  readonly wish?: { readonly way: 'name' | 'unnamed'; readonly after: number };
  /** Whether something of the member's stands in the record. */
  readonly done: boolean;
  /** A receipt, kept on wish. */
  readonly receipt?: string;
}

/** Letters behind a PIN: what was done is encrypted with it. */
export interface Locked {
  readonly salt: Uint8Array;
  readonly iv: Uint8Array;
  readonly bytes: Uint8Array;
}

const NAME = 'ruban';
const TABLE = 'kept';

let opened: Promise<IDBDatabase> | undefined;

/** This browser keeps nothing. */
export class NoStorage extends Error {}

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    // Missing in some private windows.
    if (typeof indexedDB === 'undefined') throw new NoStorage();
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new NoStorage());
    request.onblocked = request.onerror;
  });
  return opened;
}

async function run<T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  return new Promise<T>((resolve, reject) => {
    // `strict`: a secret that the browser says it has kept must be on the disk when its code is spent.
    const transaction = database.transaction(TABLE, mode, { durability: 'strict' });
    const request = work(transaction.objectStore(TABLE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

const groupKey = (base: string): string => `group ${base}`;
const letterKey = (base: string, letter: string): string => `letter ${base} ${letter}`;
const lockKey = (base: string): string => `lock ${base}`;

async function get<T>(key: string): Promise<T | undefined> {
  return run<T | undefined>('readonly', (table) => table.get(key) as IDBRequest<T | undefined>);
}

async function put(key: string, value: unknown): Promise<void> {
  await run('readwrite', (table) => table.put(value, key));
}

async function remove(key: string): Promise<void> {
  await run('readwrite', (table) => table.delete(key));
}

export const groups = {
  get: (base: string): Promise<KeptGroup | undefined> => get(groupKey(base)),
  put: (base: string, value: KeptGroup): Promise<void> => put(groupKey(base), value),
};

export const letters = {
  get: (base: string, letter: string): Promise<KeptLetter | undefined> => get(letterKey(base, letter)),
  put: (base: string, value: KeptLetter): Promise<void> => put(letterKey(base, value.letter), value),
  remove: (base: string, letter: string): Promise<void> => remove(letterKey(base, letter)),
  all: (base: string): Promise<KeptLetter[]> => {
    const start = letterKey(base, '');
    return run('readonly', (table) => table.getAll(IDBKeyRange.bound(start, `${start}g`)));
  },
};

export const locks = {
  get: (base: string): Promise<Locked | undefined> => get(lockKey(base)),
  put: (base: string, value: Locked): Promise<void> => put(lockKey(base), value),
  remove: (base: string): Promise<void> => remove(lockKey(base)),
};

/** Whether IndexedDB can be opened, written and read here. */
export async function works(): Promise<boolean> {
  try {
    await put('probe', 1);
    return (await get('probe')) === 1;
  } catch {
    return false;
  }
}

/** Forget everything of a group. */
export async function forget(base: string): Promise<void> {
  for (const { letter } of await letters.all(base)) await letters.remove(base, letter);
  await locks.remove(base);
  await remove(groupKey(base));
}
