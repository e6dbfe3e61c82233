import type { Reason } from './errors.js';
/**
 * Why no answer could be read. A browser tells a page nothing but "failed", so this asks in ways that differ: whether the
 * permission was refused; whether somebody answers at all, unread, to a request without CORS, which is so when the agent
 * refuses the origin; whether somebody answers over HTTP, which is so when TLS alone fails; whether somebody answers over HTTP
 * to a request without a nonce only, which is so when the agent is of before there were nonces: what it says is not taken.
 *
 * @param http the agent's other address, or nothing when it is not known
 */
export declare function diagnose(url: string, http: string | undefined): Promise<Reason>;
