package org.countersign.server.keys;

import org.countersign.core.error.ProtocolException;

/** A private key opened for signing. Closed after use; how soon what it held is gone from memory is the vault's to say. */
public interface SigningKey extends AutoCloseable {

    KeyAlgorithm algorithm();

    /**
     * Signs one hash.
     *
     * @param hash exactly the digest's length; for Ed25519 the message itself
     * @return PKCS#1 or PSS octets, the DER of an ECDSA-Sig-Value (RFC 3279 §2.2.3), or 64 octets of Ed25519
     * @throws ProtocolException invalid_request, when the algorithm does not fit the key or the hash not the algorithm
     */
    byte[] sign(SignatureAlgorithm algorithm, byte[] hash);

    @Override
    void close();
}
