import type { Agent } from './agent.js';
export interface ImplicitConsent {
    durationInDays?: number;
}
export interface ExplicitConsent {
    /** Of the agent's dialog. */
    title: string;
    /** Shown by the page and by the dialog; the user compares them. See {@link codeWord}. */
    codeWord: string;
    durationInDays?: number;
    alertLevel?: 'information' | 'question' | 'warning' | 'error';
    alertPosition?: 'standard' | 'center' | 'left' | 'right' | 'top' | 'top_left' | 'top_right' | 'bottom' | 'bottom_left' | 'bottom_right';
    type?: 'reader' | 'file_exchange';
    /** In seconds. */
    timeout?: number;
}
/** A word for a dialog, to be compared by eye: 8 letters and digits. */
export declare function codeWord(): string;
/** The user's consent that this site uses their cards: for this user, browser and origin, until a day. */
export declare class Consent {
    private readonly agent;
    private readonly storage;
    constructor(agent: Agent, storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>);
    /**
     * Puts a secret word into the clipboard, where the agent finds it: only a page in this user's own session can have put it
     * there. To be called from the handler of a click, or the browser does not let it write; what was in the clipboard is
     * replaced.
     */
    implicit(options?: ImplicitConsent): Promise<void>;
    /** Has the agent ask the user. */
    explicit(options: ExplicitConsent): Promise<void>;
    /** Whether there is a consent that is still good. */
    isGiven(): Promise<boolean>;
    private request;
    private kept;
    private keep;
}
