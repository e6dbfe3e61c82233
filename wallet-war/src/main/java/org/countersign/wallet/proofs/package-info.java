/** Proofs of possession beside access tokens (RFC 9449), each good once. */
package org.countersign.wallet.proofs;
