/** Whether this browser will still know tomorrow what it is given today; judged before anything is spent. */

/** `inapp`: inside a chat app; `private`: a private window, as far as can be told; `none`: it keeps nothing at all. */
export type Memory = 'lasting' | 'inapp' | 'private' | 'none';

/** What can be asked of a browser. */
export interface Signs {
  readonly agent: string;
  readonly stores: boolean;
  /** Bytes that the page may keep. */
  readonly quota: number | undefined;
  /** Bytes of memory that scripts may use, where the browser says so. */
  readonly heap: number | undefined;
  /** Whether the private file system, which private windows lack, can be opened. */
  readonly files: boolean | undefined;
  readonly persisted: boolean;
}

// Names that chat apps give the browser inside them, whose memory ends with the app's mood.
const IN_APP =
  /\bFBA[NV]\b|FB_IAB|Instagram|\bLine\/|MicroMessenger|LinkedInApp|Snapchat|TikTok|BytedanceWebview|musical_ly|Twitter|WhatsApp|Slack|Teams\/|\bGSA\/|; wv\)|Pinterest|KAKAOTALK|Telegram|Signal/i;
const SMALL_QUOTA_BYTES = 120_000_000;

/** What the signs say. A wrong guess costs a member one more step, never the code. */
export function judge(signs: Signs): Memory {
  if (!signs.stores) return 'none';
  if (IN_APP.test(signs.agent)) return 'inapp';
  if (signs.persisted) return 'lasting';
  if (signs.files === false) return 'private';
  // A private window keeps what it keeps in memory, and so offers no more than memory has.
  if (signs.quota !== undefined && signs.quota < (signs.heap === undefined ? SMALL_QUOTA_BYTES : signs.heap / 2)) {
    return 'private';
  }
  return 'lasting';
}

/** Ask this browser. */
export async function signsHere(stores: boolean): Promise<Signs> {
  const { storage } = navigator;
  let files: boolean | undefined;
  try {
    if (storage?.getDirectory !== undefined) {
      await storage.getDirectory();
      files = true;
    }
  } catch {
    files = false;
  }
  const estimate = await storage?.estimate?.().catch(() => undefined);
  const memory = (performance as { memory?: { jsHeapSizeLimit?: number } }).memory;
  return {
    agent: navigator.userAgent,
    stores,
    quota: estimate?.quota,
    heap: memory?.jsHeapSizeLimit,
    files,
    persisted: (await storage?.persisted?.().catch(() => false)) ?? false,
  };
}

/** Ask the browser to keep what it is given; whether it says so. */
export async function askToPersist(): Promise<boolean> {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}
