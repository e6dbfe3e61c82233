package org.countersign.ds.modules;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The maps that count for an organisation's devices, everyone's and its own; read again after some seconds: devices ask at
 * each call.
 */
public final class DeviceMaps {

    private static final Duration FRESH = Duration.ofSeconds(5);

    /** Of the maps in one answer, in characters; only one that is alone may be longer. */
    static final int MOST_CARRIED = 256 * 1024;

    private final Modules modules;
    private final Atrs atrs;
    private final Clock clock;
    private final Map<Optional<UUID>, Known> known = new ConcurrentHashMap<>();

    private record Known(DeviceMap modules, DeviceMap atrs, Instant at) {}

    public DeviceMaps(Modules modules, Atrs atrs, Clock clock) {
        this.modules = modules;
        this.atrs = atrs;
        this.clock = clock;
    }

    /**
     * All of them, with the contents that a device lacks. What does not fit is for its next call.
     *
     * @param held what the device has; empty when it wants no contents
     */
    public List<DeviceMap> of(UUID organisation, Optional<Set<DeviceMap.Held>> held) {
        var everyones = known(Optional.empty());
        var own = known(Optional.of(organisation));
        var answer = new ArrayList<DeviceMap>();
        int carried = 0;
        // The long one last.
        for (var map : List.of(everyones.modules(), own.modules(), own.atrs(), everyones.atrs())) {
            int length = map.signed().length();
            boolean lacking = held.isPresent() && !held.get().contains(map.held());
            if (lacking && (carried == 0 || carried + length <= MOST_CARRIED)) {
                carried += length;
                answer.add(map);
            } else {
                answer.add(map.withoutContent());
            }
        }
        return answer;
    }

    private Known known(Optional<UUID> owner) {
        var kept = known.get(owner);
        return isFresh(kept)
                ? kept
                // One reads; who asks at that moment waits for it.
                : known.compute(owner, (key, present) -> isFresh(present) ? present : read(key));
    }

    private boolean isFresh(Known kept) {
        return kept != null && clock.instant().isBefore(kept.at().plus(FRESH));
    }

    private Known read(Optional<UUID> owner) {
        var now = clock.instant();
        var audience = SignedMaps.audience(owner);
        return new Known(
                DeviceMap.of("modules", audience, modules.inForce(owner)),
                DeviceMap.of("atrs", audience, atrs.inForce(owner)),
                now);
    }
}
