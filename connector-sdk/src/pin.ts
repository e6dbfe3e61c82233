import { fromBase64Url, fromPem, toBase64 } from './bytes.js';

/**
 * A PIN for the agent's device key, by RSAES-PKCS1-v1_5 (RFC 8017 §7.2), as the v3 API has it. The Web Cryptography API
 * does not offer that scheme, so the padding and the one exponentiation, with the public key, are made here.
 *
 * @param pem SubjectPublicKeyInfo
 * @returns base64
 */
export async function encryptForDeviceKey(pin: string, pem: string): Promise<string> {
  const key = await crypto.subtle.importKey('spki', fromPem(pem), { name: 'RSA-OAEP', hash: 'SHA-256' }, true, ['encrypt']);
  const { n, e } = await crypto.subtle.exportKey('jwk', key);
  const modulus = fromBase64Url(n!);
  const message = new TextEncoder().encode(pin);
  if (message.length === 0 || message.length > modulus.length - 11) {
    throw new RangeError('The PIN is empty or too long');
  }
  const padded = new Uint8Array(modulus.length);
  padded[1] = 2;
  const zero = padded.length - message.length - 1;
  for (let i = 2; i < zero; i++) {
    padded[i] = nonZero();
  }
  padded.set(message, zero + 1);
  const encrypted = power(toInteger(padded), toInteger(fromBase64Url(e!)), toInteger(modulus));
  return toBase64(toBytes(encrypted, modulus.length));
}

/**
 * A PIN by RSAES-OAEP with SHA-256 (RFC 8017 §7.1).
 *
 * @returns base64
 */
export async function encryptByOaep(pin: string, key: JsonWebKey): Promise<string> {
  const { kty, n, e } = key;
  const imported = await crypto.subtle.importKey(
    'jwk', { kty: kty!, n: n!, e: e! }, { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['encrypt']);
  const encrypted = await crypto.subtle.encrypt({ name: 'RSA-OAEP' }, imported, new TextEncoder().encode(pin));
  return toBase64(new Uint8Array(encrypted));
}

function nonZero(): number {
  const one = new Uint8Array(1);
  do {
    crypto.getRandomValues(one);
  } while (one[0] === 0);
  return one[0]!;
}

function toInteger(bytes: Uint8Array): bigint {
  let hex = '0x';
  for (const byte of bytes) {
    hex += byte.toString(16).padStart(2, '0');
  }
  return BigInt(hex);
}

function toBytes(integer: bigint, length: number): Uint8Array {
  const hex = integer.toString(16).padStart(2 * length, '0');
  return Uint8Array.from({ length }, (_, i) => parseInt(hex.substring(2 * i, 2 * i + 2), 16));
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) {
      result = (result * square) % modulus;
    }
    square = (square * square) % modulus;
  }
  return result;
}
