package org.countersign.server.issuing;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.countersign.server.keys.SigningKey;

/**
 * The keys as the database had them at one moment, the current one opened.
 *
 * @param jwks published
 * @param certificate of the current key, in base64, once it was made
 * @param loadedAt as {@link System#nanoTime} counts
 */
record KeyRing(
        StoredKey current,
        SigningKey open,
        List<Map<String, Object>> jwks,
        AtomicReference<String> certificate,
        long loadedAt) {

    static KeyRing of(
            List<StoredKey> published,
            StoredKey current,
            SigningKey open,
            AtomicReference<String> certificate,
            long loadedAt) {
        return new KeyRing(
                current,
                open,
                published.stream()
                        .map(key -> Collections.unmodifiableMap(PublicJwk.members(key.jwk())))
                        .toList(),
                certificate,
                loadedAt);
    }
}
