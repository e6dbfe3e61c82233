/**
 * Certificates: requests for them (PKCS#10), chains as callers bring them (PKCS#7), and their verification (PKIX).
 *
 * <p>Who calls: the signer's key pair and certificate use cases, the agent.
 *
 * <p>Out of scope: private keys (a request is signed by a function handed in), revocation, policies, time stamps.
 *
 * <p>Sources: RFC 2986 (PKCS#10), RFC 4514 (names), RFC 5280 §6 (path validation), RFC 5652 §5 (SignedData), RFC 7468
 * (PEM).
 */
package org.countersign.core.x509;
