/**
 * Keys that sign and the secrets that open them: key and signature algorithms as callers name them, the vaults that
 * keep private keys wrapped, and the derivation of PINs and client secrets.
 *
 * <p>Who calls: the signer's key pair, factor and signature use cases; wiring builds one
 * {@link org.countersign.server.keys.KeyVault} and one {@link org.countersign.server.keys.FactorSecrets} a context.
 *
 * <p>Out of scope: counting failures and locking (factors), the SAD and its key (activation), certificates
 * ({@code org.countersign.core.x509}), HTTP.
 *
 * <p>Sources: contract signer.md "What must hold" 4, RFC 8017 (RSA), FIPS 186-5 (ECDSA), RFC 8032 (Ed25519), RFC 9106
 * (Argon2), RFC 5869 (HKDF), NIST SP 800-38D (GCM).
 */
package org.countersign.server.keys;
