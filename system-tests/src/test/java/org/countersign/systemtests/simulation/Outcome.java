package org.countersign.systemtests.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.benchmark.Measurement;

/** What a simulation came to. */
final class Outcome {

    enum Kind {
        REGISTER("register"),
        SYNC("sync"),
        TRANSACTIONS("transactions");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private final Map<Kind, List<Measurement>> measurements = new EnumMap<>(Kind.class);
    private final List<LiveHeap> heaps = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Tally tally;
    private long transactions;
    private Measurement interrupted;

    Outcome(Tally tally) {
        this.tally = tally;
    }

    void add(Kind kind, Measurement measurement) {
        measurements.computeIfAbsent(kind, ignored -> new ArrayList<>()).add(measurement);
    }

    void add(LiveHeap heap) {
        heaps.add(heap);
    }

    /** Something that must not be. */
    void problem(String text) {
        problems.add(text);
    }

    void transactions(long number) {
        transactions = number;
    }

    void interrupted(Measurement measurement) {
        interrupted = measurement;
    }

    /** Per kind of call one for each round that was not interrupted. */
    Map<Kind, List<Measurement>> measurements() {
        return measurements;
    }

    List<LiveHeap> heaps() {
        return heaps;
    }

    List<String> problems() {
        return problems;
    }

    Tally tally() {
        return tally;
    }

    /** How many different transactions were sent. */
    long transactions() {
        return transactions;
    }

    /** The part in which the server was killed, its processor time left out; null when it was not. */
    Measurement interrupted() {
        return interrupted;
    }
}
