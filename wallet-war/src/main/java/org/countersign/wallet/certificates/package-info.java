/**
 * Certificates of other authorities for the keys that sign attestations: requested and brought by operators, shown as {@code x5c} by {@code
 * initialisation}. Whether anybody trusts such an authority is theirs to decide, who are shown an attestation.
 */
package org.countersign.wallet.certificates;
