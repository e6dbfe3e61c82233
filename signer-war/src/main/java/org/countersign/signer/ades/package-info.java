/**
 * What signed documents are made and judged with: EU DSS, set up once, and kept from everything that is not this context's own: the JVM's
 * list of security providers, and addresses that a document names.
 */
package org.countersign.signer.ades;
