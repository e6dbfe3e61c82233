/**
 * The profile of the wallet app as it was shipped before: an attestation for a key, then an invitation's password with that attestation.
 * Off unless the configuration and the organisation allow it; what it gives up is told in {@code docs/wallet.md}. A wallet that began so
 * gets configurations, and nothing else.
 */
package org.countersign.wallet.compatibility;
