/**
 * What may be done with a living credential: its holder, by every factor that the credential asks for, changes the PIN, replaces the
 * OTP, suspends, resumes, revokes and deletes it; an administrator does the last four. Each act is decided by one statement,
 * which looks at the factors that were compared, the count of failures and the state again, and ends every authorization that
 * was given before it. Sources: seed, "Add Second Factors"; RFC 5280 §5.3.1. Nothing but wiring depends on it. Out of scope: telling the
 * authority that issued the certificate.
 */
package org.countersign.signer.acts;
