import { fromBase64Url } from './bytes.js';

/** Of a request whose answer is to be bound to it. */
export const NONCE_HEADER = 'X-Countersign-Nonce';

const ANSWER_HEADER = 'X-Countersign-Answer';

/** No other JWS passes for one of these. */
const TYPE = 'countersign-answer+jws';

/** What an answer without TLS must be the answer to. */
export interface Asked {
  nonce: string;
  method: string;
  url: string;
}

/**
 * Whether the agent gave this answer to this request, and to no other: a compact JWS (RFC 7515 §5.2) in its header, over
 * nonce, method, path, status and the body's SHA-256.
 *
 * @param key for RSASSA-PKCS1-v1_5 with SHA-256
 */
export async function isBound(response: Response, body: Uint8Array<ArrayBuffer>, asked: Asked, key: CryptoKey): Promise<boolean> {
  try {
    const [header, payload, signature, ...more] = (response.headers.get(ANSWER_HEADER) ?? '').split('.');
    if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
      return false;
    }
    const { alg, typ, crit } = fromJson(header);
    if (alg !== 'RS256' || typ !== TYPE || crit !== undefined) {
      return false;
    }
    const signed = new TextEncoder().encode(`${header}.${payload}`);
    if (!(await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, fromBase64Url(signature), signed))) {
      return false;
    }
    const claims = fromJson(payload);
    const { pathname, search } = new URL(asked.url);
    return claims['nonce'] === asked.nonce
      && claims['method'] === asked.method
      && claims['path'] === pathname + search
      && claims['status'] === response.status
      && same(fromBase64Url(String(claims['digest'])), new Uint8Array(await crypto.subtle.digest('SHA-256', body)));
  } catch {
    return false;
  }
}

function fromJson(part: string): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(fromBase64Url(part))) as Record<string, unknown>;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
