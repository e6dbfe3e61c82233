package org.countersign.server.issuing;

import java.util.UUID;

/**
 * A key just made: its private half is in the vault, its row is not written yet.
 *
 * @param kid the thumbprint of the public key (RFC 7638, SHA-256)
 * @param jwk the public key, as JSON
 * @param activationSalt what opens the private key, with the master secret
 */
public record NewKey(UUID id, String kid, JwsAlgorithm algorithm, String jwk, byte[] activationSalt) {}
