/** The one door to code that a script of ours loads: the page's policy allows no other, and this allows two workers. */

interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(asked: string): string },
  ): { createScriptURL(asked: string): string };
}

const ALLOWED = /^\/static\/(?:member|check)-worker-[0-9a-f]{12}\.js$/;

/** A module worker from one of our own files; TypeError for any other address. */
export function workerAt(address: string): Worker {
  if (!ALLOWED.test(address)) throw new TypeError('another address');
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  const policy = policies?.createPolicy('ruban', { createScriptURL: (asked) => asked });
  return new Worker(policy?.createScriptURL(address) ?? address, { type: 'module' });
}
