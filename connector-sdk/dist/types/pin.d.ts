/**
 * A PIN for the agent's device key, by RSAES-PKCS1-v1_5 (RFC 8017 §7.2), as the v3 API has it. The Web Cryptography API
 * does not offer that scheme, so the padding and the one exponentiation, with the public key, are made here.
 *
 * @param pem SubjectPublicKeyInfo
 * @returns base64
 */
export declare function encryptForDeviceKey(pin: string, pem: string): Promise<string>;
/**
 * A PIN by RSAES-OAEP with SHA-256 (RFC 8017 §7.1).
 *
 * @returns base64
 */
export declare function encryptByOaep(pin: string, key: JsonWebKey): Promise<string>;
