/** Of a request whose answer is to be bound to it. */
export declare const NONCE_HEADER = "X-Countersign-Nonce";
/** What an answer without TLS must be the answer to. */
export interface Asked {
    nonce: string;
    method: string;
    url: string;
}
/**
 * Whether the agent gave this answer to this request, and to no other: a compact JWS (RFC 7515 §5.2) in its header, over
 * nonce, method, path, status and the body's SHA-256.
 *
 * @param key for RSASSA-PKCS1-v1_5 with SHA-256
 */
export declare function isBound(response: Response, body: Uint8Array<ArrayBuffer>, asked: Asked, key: CryptoKey): Promise<boolean>;
