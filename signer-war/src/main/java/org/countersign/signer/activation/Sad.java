package org.countersign.signer.activation;

import java.time.Instant;
import java.util.UUID;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.keys.ActivationKey;

/**
 * Signature Activation Data: what the holder's factors give the client for signing, opaque to it.
 *
 * @param activationId what was authorized
 * @param binding of the activation to client, credential and hashes
 * @param key opens the credential's key, so that signing derives nothing again
 */
public record Sad(
        UUID activationId, String clientId, SeatName seat, byte[] binding, ActivationKey key, Instant expiresAt) {

    @Override
    public String toString() {
        return "SAD of activation " + activationId;
    }
}
