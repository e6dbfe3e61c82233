import { ConnectorError, type Language } from './errors.js';
/** Gives the page's token for the agent, asked of the page's own back end: a page never holds an API key. */
export type TokenSource = () => Promise<string>;
/** The agent's HTTP: headers, tokens, signatures of answers, and what went wrong. */
export declare class Agent {
    readonly url: string;
    private readonly http;
    private readonly tokens;
    private readonly browser;
    readonly language: Language;
    private readonly deviceKey;
    private kept;
    private pem;
    private verification;
    private readonly secure;
    constructor(url: string, http: string | undefined, tokens: TokenSource | undefined, browser: string, language: Language, deviceKey: string | undefined);
    /** `/info`, which has no envelope and so no `signature`. */
    info(): Promise<unknown>;
    /** A call that needs no token. */
    open(path: string): Promise<unknown>;
    get(path: string): Promise<unknown>;
    post(path: string, body: object): Promise<unknown>;
    /** The agent's public key as PEM: for PINs, and for signatures of answers. Asked for once: who answered first stays the one. */
    devicePublicKey(): Promise<string>;
    error(reason: ConnectorError['reason']): ConnectorError;
    private withToken;
    private token;
    private fetch;
    private bytes;
    private json;
    /** By which an answer is checked. The key that the agent is asked for is checked by itself; a refusal to give it, not at all. */
    private keyFor;
    private ownKey;
    private data;
    private failure;
    private key;
}
