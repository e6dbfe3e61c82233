import type { Agent } from './agent.js';
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
/** The hash of something, made in the page: what is signed never leaves it. */
export declare function digest(algorithm: 'sha256' | 'sha384' | 'sha512', content: BufferSource): Promise<Uint8Array>;
/** A card, token or key store. */
export declare class TokenModule {
    private readonly agent;
    private readonly base;
    constructor(agent: Agent, module: string, reader?: string);
    /** All of them. */
    certificates(): Promise<Certificate[]>;
    /** What the token says of itself; its form is the module's. */
    info(): Promise<unknown>;
    /** Algorithms that the token's keys can do. */
    algorithms(): Promise<string[]>;
    /**
     * Rejects with the reason "pin-wrong" when it is.
     *
     * @param pin nothing lets the agent ask for it
     */
    verifyPin(pin?: string): Promise<void>;
    /** By a key for signatures (non-repudiation). */
    sign(request: SignRequest): Promise<Uint8Array>;
    /** By a key for authentication. */
    authenticate(request: SignRequest): Promise<Uint8Array>;
    private signature;
    private withPin;
    private oaepKey;
}
