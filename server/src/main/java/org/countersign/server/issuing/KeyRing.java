package org.countersign.server.issuing;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.countersign.server.keys.SigningKey;

/**
 * The keys as the database had them at one moment, the current one opened.
 *
 * @param jwks published
 * @param loadedAt as {@link System#nanoTime} counts
 */
record KeyRing(StoredKey current, SigningKey open, List<Map<String, Object>> jwks, long loadedAt) {

    static KeyRing of(List<StoredKey> published, StoredKey current, SigningKey open, long loadedAt) {
        return new KeyRing(
                current,
                open,
                published.stream()
                        .map(key -> Collections.unmodifiableMap(PublicJwk.members(key.jwk())))
                        .toList(),
                loadedAt);
    }
}
