import type { Agent } from './agent.js';
import { fromBase64, toBase64 } from './bytes.js';
import { ConnectorError } from './errors.js';
import { encryptByOaep, encryptForDeviceKey } from './pin.js';

export interface Certificate {
  /** DER in base64. */
  certificate: string;
  certificateType: 'AUTHENTICATION' | 'NON_REPUDIATION' | 'ENCRYPTION' | 'INTERMEDIATE' | 'ROOT';
  /** To be given to {@link TokenModule.sign}. */
  id: string;
  subject: string;
  issuer: string;
  /** Hexadecimal. */
  serialNumber: string;
}

export interface SignRequest {
  /** `sha256`, `sha384` or `sha512`, with `_pss` behind it for RSASSA-PSS. */
  algorithm: string;
  /** Of the algorithm's length. See {@link digest}. */
  hash: Uint8Array;
  /** Leaves this page encrypted for the agent. Without one, the agent or the reader asks for it, if they can. */
  pin?: string;
  /** Of the certificate; otherwise the first of the kind. */
  id?: string;
  /** Whether the agent asks for the PIN in a dialog of its own. */
  osDialog?: boolean;
  /** Of that dialog, in seconds. */
  timeout?: number;
}

/** The keys of our own SDK, at agents that have them. */
interface DeviceKeys {
  encryption?: JsonWebKey;
}

const NOT_FOUND = 101404;

/** The hash of something, made in the page: what is signed never leaves it. */
export async function digest(algorithm: 'sha256' | 'sha384' | 'sha512', content: BufferSource): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(algorithm.replace('sha', 'SHA-'), content));
}

/** A card, token or key store. */
export class TokenModule {
  private readonly base: string;

  constructor(private readonly agent: Agent, module: string, reader?: string) {
    const name = encodeURIComponent(module);
    this.base = `/v3/modules/${name}/apps/token/${reader === undefined ? '' : `readers/${encodeURIComponent(reader)}/`}`;
  }

  /** All of them. */
  async certificates(): Promise<Certificate[]> {
    const lists = (await this.agent.get(`${this.base}cert-list`)) as Record<string, { certificates?: Certificate[] }>;
    return Object.values(lists).flatMap((list) => list.certificates ?? []);
  }

  /** What the token says of itself; its form is the module's. */
  async info(): Promise<unknown> {
    return this.agent.get(`${this.base}info`);
  }

  /** Algorithms that the token's keys can do. */
  async algorithms(): Promise<string[]> {
    return ((await this.agent.get(`${this.base}supported-algorithms`)) as { ref: string[] }).ref;
  }

  /**
   * Rejects with the reason "pin-wrong" when it is.
   *
   * @param pin nothing lets the agent ask for it
   */
  async verifyPin(pin?: string): Promise<void> {
    await this.agent.post(`${this.base}verify-pin`, await this.withPin(pin === undefined ? { osDialog: true } : {}, pin));
  }

  /** By a key for signatures (non-repudiation). */
  async sign(request: SignRequest): Promise<Uint8Array> {
    return this.signature('sign', request);
  }

  /** By a key for authentication. */
  async authenticate(request: SignRequest): Promise<Uint8Array> {
    return this.signature('authenticate', request);
  }

  private async signature(call: string, request: SignRequest): Promise<Uint8Array> {
    const { hash, pin, ...rest } = request;
    const body = await this.withPin({ ...rest, data: toBase64(hash), base64Encoded: true }, pin);
    const answer = (await this.agent.post(this.base + call, body)) as { data: string };
    return fromBase64(answer.data);
  }

  private async withPin(body: object, pin: string | undefined): Promise<object> {
    if (pin === undefined || pin === '') {
      return body;
    }
    const key = await this.oaepKey();
    return {
      ...body,
      pin: key === undefined
        ? await encryptForDeviceKey(pin, await this.agent.devicePublicKey())
        : await encryptByOaep(pin, key),
    };
  }

  private async oaepKey(): Promise<JsonWebKey | undefined> {
    try {
      return ((await this.agent.open('/device-keys')) as DeviceKeys).encryption;
    } catch (refusal) {
      if (refusal instanceof ConnectorError && refusal.code === NOT_FOUND) {
        return undefined;
      }
      throw refusal;
    }
  }
}
