/** Data keys of the vault {@code kms} from the AWS Key Management Service, by its SDK; made by the wiring and the command line alone. */
package org.countersign.signer.kms;
