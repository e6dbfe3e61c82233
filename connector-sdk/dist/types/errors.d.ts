/** Why a call failed, as far as a page can tell; each asks something else of the user. */
export type Reason = 'agent-absent' | 'permission-denied' | 'tls-untrusted' | 'origin-refused' | 'consent-required' | 'consent-refused' | 'throttled' | 'no-desktop' | 'token-missing' | 'token-refused' | 'answer-forged' | 'agent-outdated' | 'busy' | 'no-card' | 'no-module' | 'no-certificate' | 'algorithm-refused' | 'pin-missing' | 'pin-not-entered' | 'pin-wrong' | 'pin-last-try' | 'pin-locked' | 'library-failed' | 'refused';
export type Language = 'en' | 'es';
/** A call that failed. `message` is for the user, in their language; the rest is for the page and its log. */
export declare class ConnectorError extends Error {
    readonly reason: Reason;
    /** The agent's code, when it answered. */
    readonly code: number | undefined;
    /** What the agent says, in English, when it answered. */
    readonly description: string | undefined;
    constructor(reason: Reason, language: Language, code?: number, description?: string);
    static ofCode(code: number, description: string, language: Language): ConnectorError;
}
