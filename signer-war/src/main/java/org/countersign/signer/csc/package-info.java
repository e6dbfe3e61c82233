/**
 * The API of the Cloud Signature Consortium, 1.0.4.0 and 2.0.0.2, over the services that the seed's dialect has too: fields, types, error
 * strings and nothing else. docs/csc.md says method by method what is there.
 */
package org.countersign.signer.csc;
