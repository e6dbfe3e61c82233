/** Certificate chains of credentials: accepted when they end at a trust anchor of the tenant (RFC 5280 §6), and listed. */
package org.countersign.signer.certificates;
