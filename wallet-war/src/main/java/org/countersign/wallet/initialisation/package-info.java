/** A wallet's begin: an invitation becomes a key and a PIN, an attestation and a configuration. */
package org.countersign.wallet.initialisation;
