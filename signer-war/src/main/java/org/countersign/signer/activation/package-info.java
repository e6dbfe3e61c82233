/**
 * From factors to a SAD, and how often what was authorized may still be signed (seed, "Authorize Credential"; CSC API
 * 1.0.4.0 §8). {@code signatures} takes from an activation; nothing else does.
 */
package org.countersign.signer.activation;
