package org.countersign.signer.activation;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signer.activation.Activations.Found;

/**
 * What this node read or stored a moment ago and is likely to be asked for next. Only what never changes is to be taken from
 * here; what may is asked for by the statement that decides. Some ten kilobytes each at most: certificates and hashes. Bounded,
 * the longest unused goes first, and none outlives its activation for long.
 */
final class RecentActivations {

    private static final int MOST = 1_000;
    /** In bytes: a hundred hashes of the usual length, each with its object's head. */
    private static final int MOST_OF_HASHES = 5_000;

    private static final int HEAD = 16;

    private final Map<UUID, Found> byId = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Found> eldest) {
            return size() > MOST;
        }
    };

    synchronized void remember(Found found) {
        long size = Arrays.stream(found.activation().hashes())
                .mapToLong(hash -> HEAD + hash.length)
                .sum();
        if (size <= MOST_OF_HASHES) {
            byId.put(found.activation().id(), found);
        }
    }

    synchronized Optional<Found> get(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    synchronized void forget(UUID id) {
        byId.remove(id);
    }

    synchronized void forgetBefore(Instant now) {
        byId.values().removeIf(found -> found.activation().expiresAt().isBefore(now));
    }
}
