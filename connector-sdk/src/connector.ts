import { Agent, type TokenSource } from './agent.js';
import { browserToken } from './browser-token.js';
import { Consent } from './consent.js';
import type { Language } from './errors.js';
import { TokenModule } from './token.js';

export interface Options {
  /** Of the agent; `https://localhost:51983` when left out. With `http:`, each answer's signature is checked. */
  url?: string;
  /**
   * The agent's HTTP address, by which an untrusted certificate is told from an agent that is not there;
   * `http://localhost:51984` when left out, nothing when null.
   */
  httpUrl?: string | null;
  /** Gives tokens; only agents that were installed without tokens need none. */
  token?: TokenSource;
  /** Of errors' texts; the page's when left out. */
  language?: Language;
  /** The agent's public key as PEM, when the page's back end knows it; the agent is asked for it otherwise. */
  deviceKey?: string;
  /** Where browser token and consents are kept; `localStorage` when left out. */
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

export interface Info {
  t1CInfoOS: { architecture: string; os: string; version: string };
  t1CInfoAPI: { status: string; modules: string[]; version: string; productVersion?: string; [more: string]: unknown };
  [more: string]: unknown;
}

export interface Card {
  atr: string;
  description?: string[];
  /** Modules that know the card. */
  module?: string[];
}

export interface Reader {
  /** Until the reader is taken away. */
  id: string;
  name: string;
  pinpad: boolean;
  card?: Card;
}

/** The agent on this machine. */
export class Connector {
  readonly consent: Consent;

  private constructor(private readonly agent: Agent, readonly info: Info, consent: Consent) {
    this.consent = consent;
  }

  /** Finds the agent. Rejects with a {@link ConnectorError} that says what is in the way. */
  static async initialize(options: Options = {}): Promise<Connector> {
    const storage = options.storage ?? localStorage;
    const url = trimmed(options.url ?? 'https://localhost:51983');
    const http = options.httpUrl === null ? undefined : trimmed(options.httpUrl ?? 'http://localhost:51984');
    const agent = new Agent(
      url, http, options.token, browserToken(storage), options.language ?? pageLanguage(), options.deviceKey);
    return new Connector(agent, (await agent.info()) as Info, new Consent(agent, storage));
  }

  /** @param options `cardInserted`: only those with a card, or only those without */
  async readers(options: { cardInserted?: boolean } = {}): Promise<Reader[]> {
    const query = options.cardInserted === undefined ? '' : `?cardInserted=${options.cardInserted}`;
    return (await this.agent.get(`/v3/readers${query}`)) as Reader[];
  }

  async reader(id: string): Promise<Reader> {
    return (await this.agent.get(`/v3/readers/${encodeURIComponent(id)}`)) as Reader;
  }

  /** @param reader identifier of a reader; otherwise the first token that there is */
  token(module: string, reader?: string): TokenModule {
    return new TokenModule(this.agent, module, reader);
  }
}

/**
 * Where this browser's machine gets its agent.
 *
 * @param distributionService its address
 */
export function agentDownload(distributionService: string): string {
  return `${trimmed(distributionService)}/v3_5/downloads/installer`;
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

function pageLanguage(): Language {
  const language = document.documentElement.lang || navigator.language;
  return language.toLowerCase().startsWith('es') ? 'es' : 'en';
}
