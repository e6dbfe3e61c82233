/**
 * Second factors: PIN and one-time password (RFC 6238), how they are set, compared and counted, and how a PIN opens a key
 * that was made while it was away. Sources: seed, "Add Second Factors"; RFC 4226, RFC 6238, RFC 7748. Used when a
 * credential is set up, authorized and acted upon. Out of scope: changing a factor of a living credential, see {@code acts}.
 */
package org.countersign.signer.factors;
