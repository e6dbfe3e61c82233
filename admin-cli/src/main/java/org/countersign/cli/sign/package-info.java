/**
 * {@code countersign sign}: a demonstration of the whole way of a remote signature over the public REST API, for seat
 * {@code jdoe@acme}. The client here also plays the holder, who in earnest is a person with a PIN in mind and a one-time
 * password on a telephone, and the certificate authority. Nothing it signs is worth anything.
 */
package org.countersign.cli.sign;
