import { type TokenSource } from './agent.js';
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
    t1CInfoOS: {
        architecture: string;
        os: string;
        version: string;
    };
    t1CInfoAPI: {
        status: string;
        modules: string[];
        version: string;
        productVersion?: string;
        [more: string]: unknown;
    };
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
export declare class Connector {
    private readonly agent;
    readonly info: Info;
    readonly consent: Consent;
    private constructor();
    /** Finds the agent. Rejects with a {@link ConnectorError} that says what is in the way. */
    static initialize(options?: Options): Promise<Connector>;
    /** @param options `cardInserted`: only those with a card, or only those without */
    readers(options?: {
        cardInserted?: boolean;
    }): Promise<Reader[]>;
    reader(id: string): Promise<Reader>;
    /** @param reader identifier of a reader; otherwise the first token that there is */
    token(module: string, reader?: string): TokenModule;
}
/**
 * Where this browser's machine gets its agent.
 *
 * @param distributionService its address
 */
export declare function agentDownload(distributionService: string): string;
