package org.countersign.agent.loopback;

/** Signs answers that leave without TLS. */
public interface AnswerSigner {

    /**
     * The signature of {@code data}.
     *
     * @param data as JSON without spaces, which is what {@code JSON.stringify} makes of it
     * @return base64
     */
    String sign(byte[] data);

    /**
     * A compact JWS (RFC 7515 §7.1), by the same key: what it signs begins with base64url of <code>{"</code>, as no JSON
     * does, so neither signature passes for the other.
     *
     * @param type {@code typ}
     */
    String signCompact(String type, byte[] payload);
}
