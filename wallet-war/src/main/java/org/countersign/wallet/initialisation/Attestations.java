package org.countersign.wallet.initialisation;

/**
 * What says that a wallet is one of this provider, in both forms, each a compact JWS good for 23 hours.
 *
 * @param wallet the wallet app's own
 * @param client that of Attestation-Based Client Authentication
 */
record Attestations(String wallet, String client) {}
