import { isBound, NONCE_HEADER } from './answer.js';
import { fromBase64, fromBase64Url, fromPem, newNonce } from './bytes.js';
import { diagnose } from './diagnosis.js';
import { ConnectorError, type Language } from './errors.js';

/** Gives the page's token for the agent, asked of the page's own back end: a page never holds an API key. */
export type TokenSource = () => Promise<string>;

/** How many seconds before its end a token is no longer used. */
const MARGIN = 30;

const TOKEN_REFUSED = 104025;

interface Envelope {
  success: boolean;
  data?: unknown;
  signature?: string;
  code?: number;
  description?: string;
}

/** An answer that is the agent's, or at least not known to be somebody else's: errors too. */
interface Answer {
  ok: boolean;
  status: number;
  body: unknown;
}

/** The agent's HTTP: headers, tokens, signatures of answers, and what went wrong. */
export class Agent {
  private kept: { token: string; until: number } | undefined;
  private pem: Promise<string> | undefined;
  private verification: Promise<CryptoKey> | undefined;
  private readonly secure: boolean;

  constructor(
    readonly url: string,
    private readonly http: string | undefined,
    private readonly tokens: TokenSource | undefined,
    private readonly browser: string,
    readonly language: Language,
    private readonly deviceKey: string | undefined,
  ) {
    this.secure = new URL(url).protocol === 'https:';
  }

  /** `/info`, which has no envelope and so no `signature`. */
  async info(): Promise<unknown> {
    const answer = await this.fetch('GET', '/info', undefined, undefined);
    if (!answer.ok) {
      throw this.failure(answer.body as Envelope);
    }
    return answer.body;
  }

  /** A call that needs no token. */
  async open(path: string): Promise<unknown> {
    return this.data(await this.fetch('GET', path, undefined, undefined), path);
  }

  async get(path: string): Promise<unknown> {
    return this.withToken('GET', path, undefined);
  }

  async post(path: string, body: object): Promise<unknown> {
    return this.withToken('POST', path, JSON.stringify(body));
  }

  /** The agent's public key as PEM: for PINs, and for signatures of answers. Asked for once: who answered first stays the one. */
  devicePublicKey(): Promise<string> {
    this.pem ??= this.deviceKey === undefined ? (this.open('/device-key') as Promise<string>) : Promise.resolve(this.deviceKey);
    // What failed for once must not fail for ever.
    this.pem.catch(() => (this.pem = undefined));
    return this.pem;
  }

  error(reason: ConnectorError['reason']): ConnectorError {
    return new ConnectorError(reason, this.language);
  }

  private async withToken(method: string, path: string, body: string | undefined): Promise<unknown> {
    if (this.tokens === undefined) {
      return this.data(await this.fetch(method, path, body, undefined), path);
    }
    const fresh = this.kept === undefined || this.kept.until <= Date.now();
    const answer = await this.fetch(method, path, body, await this.token());
    if (answer.status !== 401 || fresh) {
      return this.data(answer, path);
    }
    try {
      return await this.data(answer, path);
    } catch (refusal) {
      if (!(refusal instanceof ConnectorError) || refusal.code !== TOKEN_REFUSED) {
        throw refusal;
      }
    }
    // It may have been withdrawn, or signed by a key that was since replaced: once more with a new one.
    this.kept = undefined;
    return this.data(await this.fetch(method, path, body, await this.token()), path);
  }

  private async token(): Promise<string> {
    if (this.kept === undefined || this.kept.until <= Date.now()) {
      let token: string;
      try {
        token = await this.tokens!();
      } catch (failed) {
        throw Object.assign(this.error('token-missing'), { cause: failed });
      }
      if (typeof token !== 'string' || token === '') {
        throw this.error('token-missing');
      }
      this.kept = { token, until: usableUntil(token) };
    }
    return this.kept.token;
  }

  private async fetch(method: string, path: string, body: string | undefined, token: string | undefined): Promise<Answer> {
    const headers: Record<string, string> = {
      'Accept-Language': this.language,
      'X-Authentication-Token': this.browser,
      'X-CSRF-Token': 'countersign',
    };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
    }
    if (token !== undefined) {
      headers['Authorization'] = `Bearer ${token}`;
    }
    // A page that is not secure itself has no cryptography to check by.
    const nonce = this.secure || crypto.subtle === undefined ? undefined : newNonce();
    if (nonce !== undefined) {
      headers[NONCE_HEADER] = nonce;
    }
    const url = this.url + path;
    let response: Response;
    try {
      response = await fetch(url, {
        method, headers, credentials: 'omit', cache: 'no-store', ...(body === undefined ? {} : { body }),
      });
    } catch {
      throw this.error(await diagnose(this.url, this.http));
    }
    const { ok, status } = response;
    const bytes = await this.bytes(response);
    const answer = { ok, status, body: this.json(bytes) };
    if (nonce !== undefined) {
      const key = await this.keyFor(path, answer);
      // Without TLS it may be anybody's, or what the agent once said to something else.
      if (key !== undefined && !(await isBound(response, bytes, { nonce, method, url }, key))) {
        throw this.error('answer-forged');
      }
    }
    return answer;
  }

  private async bytes(response: Response): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch {
      throw this.error('agent-absent');
    }
  }

  private json(bytes: Uint8Array): unknown {
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      // Something else listens there.
      throw this.error('agent-absent');
    }
  }

  /** By which an answer is checked. The key that the agent is asked for is checked by itself; a refusal to give it, not at all. */
  private async keyFor(path: string, answer: Answer): Promise<CryptoKey | undefined> {
    if (path !== '/device-key' || this.deviceKey !== undefined) {
      return this.key();
    }
    return answer.ok ? this.ownKey(answer.body as Envelope | null) : undefined;
  }

  private async ownKey(envelope: Envelope | null): Promise<CryptoKey> {
    try {
      return await importKey(String(envelope?.data));
    } catch {
      throw this.error('answer-forged');
    }
  }

  private async data(answer: Answer, path: string): Promise<unknown> {
    const envelope = answer.body as Envelope | null;
    if (typeof envelope !== 'object' || envelope === null) {
      throw this.error('agent-absent');
    }
    if (!answer.ok || envelope.success !== true) {
      throw this.failure(envelope);
    }
    // Without TLS anybody on the way could have written this; the key itself is checked by itself.
    if (!this.secure) {
      const key = path === '/device-key' && this.deviceKey === undefined ? importKey(String(envelope.data)) : this.key();
      if (!(await isSigned(envelope, await key))) {
        throw this.error('answer-forged');
      }
    }
    return envelope.data;
  }

  private failure(envelope: Envelope): ConnectorError {
    const code = Number(envelope.code);
    if (code === TOKEN_REFUSED && this.tokens === undefined) {
      return new ConnectorError('token-missing', this.language, code, envelope.description);
    }
    return ConnectorError.ofCode(code, String(envelope.description), this.language);
  }

  private key(): Promise<CryptoKey> {
    this.verification ??= this.devicePublicKey().then(importKey);
    // What failed for once must not fail for ever.
    this.verification.catch(() => (this.verification = undefined));
    return this.verification;
  }
}

function importKey(pem: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('spki', fromPem(pem), { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['verify']);
}

/** RSA-SHA256 over `data` as JSON.stringify writes it. */
async function isSigned(envelope: Envelope, key: CryptoKey): Promise<boolean> {
  if (typeof envelope.signature !== 'string') {
    return false;
  }
  const data = new TextEncoder().encode(JSON.stringify(envelope.data));
  try {
    return await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, fromBase64(envelope.signature), data);
  } catch {
    return false;
  }
}

/**
 * In milliseconds of this machine's clock, which may be wrong: so what counts is how long the token lives, from now on. A
 * token that does not say it is used once.
 */
function usableUntil(token: string): number {
  try {
    const { iat, exp } = JSON.parse(new TextDecoder().decode(fromBase64Url(token.split('.')[1] ?? ''))) as Record<string, unknown>;
    return typeof iat === 'number' && typeof exp === 'number' ? Date.now() + (exp - iat - MARGIN) * 1000 : 0;
  } catch {
    return 0;
  }
}
