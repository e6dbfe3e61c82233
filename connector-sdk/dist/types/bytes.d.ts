export declare function toBase64(bytes: Uint8Array): string;
export declare function fromBase64(text: string): Uint8Array<ArrayBuffer>;
export declare function fromBase64Url(text: string): Uint8Array<ArrayBuffer>;
/** The DER in a PEM. */
export declare function fromPem(pem: string): Uint8Array<ArrayBuffer>;
/** Text of so many letters and digits, each of the alphabet as likely as any other. */
export declare function randomText(length: number, alphabet: string): string;
/** Base64url that was never used before: 144 bits. */
export declare function newNonce(): string;
