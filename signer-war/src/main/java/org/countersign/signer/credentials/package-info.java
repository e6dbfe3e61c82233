/**
 * Credentials of seats: creation, listing, description, unlocking (seed, "Generate a Credential", "List Credentials and
 * Credential Info"; wire form of the description as CSC API 1.0.4.0 §11.5). Other features change a credential through
 * {@link org.countersign.signer.credentials.Credentials}.
 */
package org.countersign.signer.credentials;
