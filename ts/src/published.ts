/** Which files a published record is made of, and how large each may be (spec/record.md, 6). */

import { encodeIndex, TILE_WIDTH_COUNT } from './log/tiles.ts';
import { parseCanonical } from './record/canonical.ts';
import { MAX_PAYLOAD_BYTES } from './record/commitment.ts';
import { hex, int, listOf, nullable, object, text } from './record/schema.ts';

export const CHECKPOINT = 'checkpoint';
export const SETTINGS = 'ruban.json';
export const MAX_CHECKPOINT_BYTES = 65_536;
export const MAX_SETTINGS_BYTES = 65_536;
export const MAX_OPENING_BYTES: number = 2 * MAX_PAYLOAD_BYTES + 256;
export const MAX_PAYLOADS_BYTES: number = 64 * 1024 * 1024;
/** Lines of one payloads file, at most: no entry has room for more commitments. */
export const MAX_OPENINGS_COUNT: number = 128 * TILE_WIDTH_COUNT;
const FORMAT = 1;

const SCHEMA = object({
  format: int(FORMAT, FORMAT),
  origin: text(240),
  log_key: hex(32),
  receipt_key: hex(32),
  openings: nullable(listOf(hex(32), 1, 96, true)),
});

/** `ruban.json`: what the record says of itself, so that a reader knows where to begin. The entries decide. */
export interface Settings {
  readonly origin: string;
  readonly log_key: string;
  readonly receipt_key: string;
  /** Letters whose openings are here; null for all. */
  readonly openings: readonly string[] | null;
}

/** What canonical `ruban.json` says; FormatError otherwise. */
export function parseSettings(data: Uint8Array): Settings {
  const value = parseCanonical(SETTINGS, data, MAX_SETTINGS_BYTES);
  SCHEMA('', value);
  return value as unknown as Settings;
}

/** Where the openings of entry bundle `bundle` lie. */
export function payloadsPath(bundle: number): string {
  return `payloads/${encodeIndex(bundle)}`;
}
