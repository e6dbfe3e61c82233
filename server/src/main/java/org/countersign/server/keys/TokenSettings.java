package org.countersign.server.keys;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A PKCS#11 token and how to use it.
 *
 * @param library the vendor's shared library
 * @param label of the token, unique among those the library shows
 * @param pin of the token's user
 * @param sessions how many operations it does at the same time
 * @param patience how long one may take, the longest being an RSA key pair
 */
public record TokenSettings(Path library, String label, String pin, int sessions, Duration patience) {

    @Override
    public String toString() {
        return "the token " + label;
    }
}
