package org.countersign.wallet.attestations;

import org.countersign.core.jose.P256PublicKey;

/**
 * A wallet that an attestation of this provider is about, as long as it is good.
 *
 * @param id {@code sub}: the thumbprint of the key
 * @param key the attestation key, {@code cnf.jwk}
 * @param statusIndex the wallet's place in the status lists
 */
public record AttestedClient(String id, P256PublicKey key, long statusIndex) {}
