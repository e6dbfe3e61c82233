package org.countersign.signer.credentials;

import java.util.UUID;
import org.countersign.server.keys.KeyAlgorithm;

/**
 * A key pair just made, for the credential to keep.
 *
 * @param keyId the vault's name for the private key
 * @param vault the vault it is in
 * @param publicKey DER of the SubjectPublicKeyInfo
 * @param ephemeral what the holder's factors find the wrapping key with
 */
public record KeyPair(UUID keyId, String vault, KeyAlgorithm algorithm, byte[] publicKey, byte[] ephemeral) {}
