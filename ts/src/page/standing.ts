/** What a member can do with a letter just now: a pure function of the record, the server's clock, and the device. */

/** GET P/count/<letter>. */
export interface Count {
  readonly letter: string;
  readonly index: number;
  readonly size: number;
  readonly signed: number;
  readonly named: number;
  readonly unnamed: number;
  /** Those with a role in the newest epoch, and of their signatures those by name and those as one of them. */
  readonly by_role: readonly {
    readonly role: string;
    readonly ring: number;
    readonly named: number;
    readonly unnamed: number;
  }[];
  readonly withdrawn: number;
  readonly enrolled: number;
  readonly entitled: number;
  readonly epoch: number | null;
  /** Rows of the newest epoch. */
  readonly ring: number;
  readonly opening: number;
  readonly closing: number;
  readonly unnamed_from: number;
  readonly closed: boolean;
  readonly paused: boolean;
  readonly next_release: number | null;
  readonly next_epoch: number | null;
  readonly now: number;
}

/** What the letter says of itself in the record. */
export interface Terms {
  readonly ways: readonly string[];
  readonly ring_min: number;
  readonly unnamed_from: number;
}

/** Those among whom the member's own stub stands; undefined where it does not stand there yet. */
export interface Seat {
  readonly among: number;
  readonly used: boolean;
  /** The member's role, if the letter may be signed by it; how many have it and have not; whether both are enough. */
  readonly role?:
    | { readonly name: string; readonly having: number; readonly others: number; readonly enough: boolean }
    | undefined;
}

export type Unnamed = 'yes' | 'later' | 'few' | 'no';

export type Stand =
  | { readonly is: 'closed' }
  | { readonly is: 'used' }
  | { readonly is: 'wait'; readonly why: 'opening' | 'epoch'; readonly at: number | undefined }
  | { readonly is: 'ready'; readonly unnamed: Unnamed; readonly name: boolean };

/** How the member stands. What was signed can be changed as long as the letter is open; then nothing can be any more. */
export function standOf(count: Count, terms: Terms, seat: Seat | undefined): Stand {
  if (count.closed || count.now >= count.closing) return { is: 'closed' };
  if (count.now < count.opening) return { is: 'wait', why: 'opening', at: count.opening };
  if (seat === undefined) return { is: 'wait', why: 'epoch', at: count.next_epoch ?? undefined };
  if (seat.used) return { is: 'used' };
  return { is: 'ready', unnamed: unnamedOf(count, terms, seat), name: terms.ways.includes('name') };
}

function unnamedOf(count: Count, terms: Terms, seat: Seat): Unnamed {
  if (!terms.ways.includes('unnamed')) return 'no';
  if (seat.among < terms.ring_min) return 'few';
  return count.now < terms.unnamed_from ? 'later' : 'yes';
}

/** Seconds by which a device's clock may differ from the server's before anything is said of it. */
export const CLOCK_SECONDS = 120;

export function clockIsWrong(count: Count, deviceNow: number): boolean {
  return Math.abs(count.now - deviceNow) > CLOCK_SECONDS;
}

const SPREAD_SECONDS = 6 * 3600;

/**
 * When a kept choice is carried out: at random within six hours after `from`, or within the first half of what is left
 * until the closing, so that nobody sees from the time who had been waiting. `draw` is uniform in [0, 1).
 */
export function wishTime(from: number, closing: number, draw: number): number {
  const room = Math.max(0, Math.min(SPREAD_SECONDS, (closing - from) / 2));
  return from + Math.floor(draw * room);
}
