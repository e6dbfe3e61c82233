import { NONCE_HEADER } from './answer.js';
import { newNonce } from './bytes.js';
import type { Reason } from './errors.js';

/** How long an agent on this machine may take to say that it is there, in milliseconds. */
const PATIENCE = 5_000;

/** Names under which browsers keep Local Network Access, the newest first. */
const PERMISSIONS = ['loopback-network', 'local-network-access'];

/**
 * Why no answer could be read. A browser tells a page nothing but "failed", so this asks in ways that differ: whether the
 * permission was refused; whether somebody answers at all, unread, to a request without CORS, which is so when the agent
 * refuses the origin; whether somebody answers over HTTP, which is so when TLS alone fails; whether somebody answers over HTTP
 * to a request without a nonce only, which is so when the agent is of before there were nonces: what it says is not taken.
 *
 * @param http the agent's other address, or nothing when it is not known
 */
export async function diagnose(url: string, http: string | undefined): Promise<Reason> {
  if (await isDenied()) {
    return 'permission-denied';
  }
  if (await answers(url)) {
    return url.startsWith('http:') && (await isOutdated(url)) ? 'agent-outdated' : 'origin-refused';
  }
  if (url.startsWith('https:') && http !== undefined && (await answers(http))) {
    return 'tls-untrusted';
  }
  // The user may have said no while this waited.
  return (await isDenied()) ? 'permission-denied' : 'agent-absent';
}

async function isDenied(): Promise<boolean> {
  for (const name of PERMISSIONS) {
    try {
      const status = await navigator.permissions.query({ name: name as PermissionName });
      if (status.state === 'denied') {
        return true;
      }
    } catch {
      // This browser does not know it by that name.
    }
  }
  return false;
}

async function isOutdated(url: string): Promise<boolean> {
  return (await answers(url, { mode: 'cors' })) && !(await answers(url, { mode: 'cors', headers: { [NONCE_HEADER]: newNonce() } }));
}

async function answers(url: string, how: RequestInit = { mode: 'no-cors' }): Promise<boolean> {
  try {
    await fetch(`${url}/info`, {
      ...how, credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE),
    });
    return true;
  } catch {
    return false;
  }
}
