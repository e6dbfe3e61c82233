package org.countersign.signer.factors;

import java.time.Instant;

/**
 * What is stored of the one-time code that was sent last and not used.
 *
 * @param hash which does not tell the code
 * @param end when it expires; the hash is of it, too
 */
public record SentCode(byte[] hash, Instant end) {

    @Override
    public String toString() {
        return "a code that ends at " + end;
    }
}
