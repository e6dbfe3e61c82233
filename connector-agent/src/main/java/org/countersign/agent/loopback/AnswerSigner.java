package org.countersign.agent.loopback;

/** Signs answers that leave without TLS. */
@FunctionalInterface
public interface AnswerSigner {

    /**
     * The signature of {@code data}.
     *
     * @param data as JSON without spaces, which is what {@code JSON.stringify} makes of it
     * @return base64
     */
    String sign(byte[] data);
}
