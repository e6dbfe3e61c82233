/**
 * Signed documents, judged and explained (ETSI EN 319 102-1), against the anchors that the context's tenants trust and those of its
 * configuration. Nothing that a document names is fetched. Anyone with a token may ask; nothing is kept.
 */
package org.countersign.signer.validation;
