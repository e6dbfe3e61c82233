/** Whether the check digits are right: somebody who changes a token at random makes a bad one. */
export declare function isBrowserToken(text: string): boolean;
/** A cuid: "c", 8 characters of the time and 16 at random, in base 36, and the check digits over the first 8. */
export declare function newBrowserToken(now?: number): string;
/** The browser's token, kept in the page's local storage; a bad one there is replaced. */
export declare function browserToken(storage: Pick<Storage, 'getItem' | 'setItem'>): string;
