/**
 * What may be done with a living credential: its holder, by every factor that the credential asks for, changes the PIN, replaces the
 * OTP, asks for a renewal, suspends, resumes, revokes and deletes it; an administrator does the last four, and the generator that
 * set it up brings the renewed certificate. Each act is decided by one statement,
 * which looks at the factors that were compared, the count of failures and the state again, and ends every authorization that
 * was given before it, unless it leaves alone what they rest on. Sources: seed, "Add Second Factors"; RFC 5280 §5.3.1. Nothing but wiring depends on it. Out of scope: telling the
 * authority that issued the certificate.
 */
package org.countersign.signer.acts;
