/**
 * The page runs under a policy that lets no text become a script address unless it went through here: workers of this application alone.
 */
interface Policy {
  createScriptURL(url: string): unknown;
}

interface Factory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

let policy: Policy | undefined;

/** A worker whose address Vite made; any other address is refused. */
export function worker(url: string): Worker {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  policy ??= factory?.createPolicy('geoevents', { createScriptURL: ownScript });
  return new Worker((policy ? policy.createScriptURL(url) : ownScript(url)) as string, { type: 'module' });
}

function ownScript(url: string): string {
  const address = new URL(url, location.href);
  if (address.origin !== location.origin) {
    throw new TypeError(`Not a script of this origin: ${url}`);
  }

  return address.href;
}
