package org.countersign.agent.modules;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * PINs for series of signatures: in memory, for one origin, module, reader and card, for a time from when they were given.
 * Each is overwritten when it is not wanted any more.
 */
final class BulkPins {

    private static final int MOST = 16;

    /**
     * Where a PIN counts.
     *
     * @param origin of the page; empty for a program
     * @param reader its identifier; empty when none was named
     */
    record Place(String origin, String module, String reader) {}

    /**
     * The card in the reader.
     *
     * @param identity that it tells, with its serial number
     * @param insertion how often a card was put in; taken out and put in again it is another one here
     */
    record InsertedCard(String identity, long insertion) {}

    private record Kept(InsertedCard card, char[] pin, long since) {}

    private final Duration time;
    private final Map<Place, Kept> kept = new HashMap<>();

    BulkPins(Duration time) {
        this.time = time;
    }

    Duration time() {
        return time;
    }

    synchronized void keep(Place place, InsertedCard card, String pin) {
        if (kept.size() >= MOST && !kept.containsKey(place)) {
            return;
        }
        var fresh = new Kept(card, pin.toCharArray(), System.nanoTime());
        wipe(kept.put(place, fresh));
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> expire(place, fresh));
    }

    /** The PIN for this very card; for another one it is forgotten. */
    synchronized Optional<String> find(Place place, InsertedCard card) {
        var found = kept.get(place);
        if (found == null) {
            return Optional.empty();
        }
        if (!found.card().equals(card) || System.nanoTime() - found.since() >= time.toNanos()) {
            wipe(kept.remove(place));
            return Optional.empty();
        }
        return Optional.of(String.valueOf(found.pin()));
    }

    synchronized boolean has(Place place) {
        return kept.containsKey(place);
    }

    synchronized void forget(Place place) {
        wipe(kept.remove(place));
    }

    /** Those of an origin for a module, whatever the reader. */
    synchronized void forget(String origin, String module) {
        kept.entrySet().removeIf(entry -> {
            boolean meant = entry.getKey().origin().equals(origin)
                    && entry.getKey().module().equals(module);
            if (meant) {
                wipe(entry.getValue());
            }
            return meant;
        });
    }

    private synchronized void expire(Place place, Kept old) {
        if (kept.remove(place, old)) {
            wipe(old);
        }
    }

    private static void wipe(Kept old) {
        if (old != null) {
            Arrays.fill(old.pin(), '\0');
        }
    }
}
