/**
 * What devices say of the keys that wallets make, verified: Android Key Attestation and Apple App Attest. Nothing is fetched: roots and
 * revoked certificates come from the configuration. The begin of a wallet calls it.
 */
package org.countersign.wallet.keyattestations;
