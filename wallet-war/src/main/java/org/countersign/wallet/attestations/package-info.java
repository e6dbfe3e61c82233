/** OAuth 2.0 Attestation-Based Client Authentication: attestations that wallets show to servers, and how they prove them to this one. */
package org.countersign.wallet.attestations;
