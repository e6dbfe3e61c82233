package org.countersign.systemtests.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened, counted by all threads. */
final class Tally {

    enum Event {
        REGISTERED_AGAIN("registered again"),
        CONNECTED_ANEW("connected anew"),
        CLOCK_PUT_RIGHT("clocks put right"),
        UNANSWERED("attempts without an answer, also while the server was away; repeated"),
        AWAY("attempts answered that the service is away; repeated"),
        SENT_AGAIN("calls with transactions that were sent before"),
        TWICE_IN_ONE_CALL("calls with a transaction twice"),
        AT_THE_SAME_TIME("pairs of calls with the same transactions at the same time"),
        FORGED("forged or repeated signatures refused");

        private final String label;

        Event(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private final Map<Event, LongAdder> counts = new ConcurrentHashMap<>();

    Tally() {
        for (var event : Event.values()) {
            counts.put(event, new LongAdder());
        }
    }

    void count(Event event) {
        counts.get(event).increment();
    }

    long of(Event event) {
        return counts.get(event).sum();
    }

    Map<String, Long> byLabel() {
        var all = new LinkedHashMap<String, Long>();
        for (var event : Event.values()) {
            all.put(event.label(), of(event));
        }
        return all;
    }
}
