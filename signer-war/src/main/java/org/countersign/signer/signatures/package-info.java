/** Signatures over authorized hashes (seed, "Create a Signature"). Takes its right to sign from {@code activation}. */
package org.countersign.signer.signatures;
