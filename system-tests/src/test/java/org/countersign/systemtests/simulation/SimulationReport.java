package org.countersign.systemtests.simulation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.countersign.systemtests.benchmark.Machine;
import org.countersign.systemtests.benchmark.Measurement;
import org.countersign.systemtests.benchmark.Spread;
import org.countersign.systemtests.benchmark.TextTable;

/** A simulation's outcome, for people and for programs. */
final class SimulationReport {

    private static final JsonMapper JSON = new JsonMapper();
    private static final double MIB = 1 << 20;

    private final SimulationOptions options;
    private final Outcome outcome;

    SimulationReport(SimulationOptions options, Outcome outcome) {
        this.options = options;
        this.outcome = outcome;
    }

    String text() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(
                "call",
                "calls/s",
                "p50 ms",
                "p99 ms",
                "longest ms",
                "server CPU ms",
                "PostgreSQL CPU ms",
                "load CPU ms"));
        outcome.measurements()
                .forEach((kind, rounds) -> rows.add(List.of(
                        kind.label(),
                        text(rounds, Measurement::callsPerSecond, 0),
                        text(rounds, one -> one.percentile(0.5), 1),
                        text(rounds, one -> one.percentile(0.99), 1),
                        text(rounds, one -> one.percentile(1), 0),
                        text(rounds, Measurement::processorPerCall, 2),
                        text(rounds, Measurement::databasePerCall, 2),
                        text(rounds, Measurement::loadPerCall, 2))));
        var text = new StringBuilder("\n" + Machine.description() + "\n");
        text.append(String.format(
                Locale.ROOT,
                "%,d devices over %d connections at %s, %d transactions with each call. Median (least–most) of the rounds;"
                        + " CPU is of one call%n%n",
                options.devices(),
                options.connections(),
                options.server(),
                options.transactions()));
        text.append(TextTable.of(rows)).append('\n');
        if (options.kill() && outcome.interrupted() != null) {
            text.append(String.format(
                    Locale.ROOT,
                    "  The round with the kill took %.1f s until each of its %,d calls was answered%n",
                    outcome.interrupted().wallNanos() / 1e9,
                    outcome.interrupted().calls()));
        }
        outcome.tally()
                .byLabel()
                .forEach((label, count) -> text.append(String.format(Locale.ROOT, "  %,9d  %s%n", count, label)));
        text.append(String.format(Locale.ROOT, "  %,9d  different transactions sent%n", outcome.transactions()));
        outcome.heaps()
                .forEach(heap -> text.append(String.format(
                        Locale.ROOT,
                        "  after round %d: live heap %.1f MiB, resident %.0f MiB (process %d)%n",
                        heap.round(),
                        heap.bytes() / MIB,
                        heap.residentBytes() / MIB,
                        heap.pid())));
        LiveHeap.growth(outcome.heaps())
                .ifPresent(growth ->
                        text.append(String.format(Locale.ROOT, "  growth of the live heap: %.1f MiB%n", growth / MIB)));
        text.append('\n');
        if (outcome.problems().isEmpty()) {
            return text.append("Nothing lost, nothing doubled, no forged call accepted, memory as it should be.\n")
                    .toString();
        }
        outcome.problems()
                .forEach(problem -> text.append("WRONG: ").append(problem).append('\n'));
        return text.toString();
    }

    String json() {
        var root = JSON.createObjectNode()
                .put("machine", Machine.description())
                .put("server", options.server())
                .put("devices", options.devices())
                .put("rounds", options.syncs())
                .put("transactionsPerCall", options.transactions())
                .put("connections", options.connections())
                .put("killed", options.kill())
                .put("transactions", outcome.transactions());
        var calls = root.putObject("calls");
        outcome.measurements().forEach((kind, rounds) -> {
            var node = calls.putObject(kind.label());
            add(node, "calls", rounds, Measurement::calls);
            add(node, "callsPerSecond", rounds, Measurement::callsPerSecond);
            add(node, "p50Ms", rounds, one -> one.percentile(0.5));
            add(node, "p99Ms", rounds, one -> one.percentile(0.99));
            add(node, "longestMs", rounds, one -> one.percentile(1));
            add(node, "serverCpuMsPerCall", rounds, Measurement::processorPerCall);
            add(node, "databaseCpuMsPerCall", rounds, Measurement::databasePerCall);
            add(node, "loadCpuMsPerCall", rounds, Measurement::loadPerCall);
        });
        var events = root.putObject("events");
        outcome.tally().byLabel().forEach(events::put);
        var heaps = root.putArray("heaps");
        outcome.heaps()
                .forEach(heap -> heaps.addObject()
                        .put("round", heap.round())
                        .put("process", heap.pid())
                        .put("liveBytes", heap.bytes())
                        .put("residentBytes", heap.residentBytes()));
        var problems = root.putArray("problems");
        outcome.problems().forEach(problems::add);
        return root.toPrettyString() + "\n";
    }

    private static String text(List<Measurement> rounds, ToDoubleFunction<Measurement> figure, int decimals) {
        return Spread.of(rounds, figure).text(decimals);
    }

    private static void add(
            ObjectNode node, String name, List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        var spread = Spread.of(rounds, figure);
        var own = node.putObject(name).put("median", spread.median()).put("least", spread.least());
        var each = own.put("most", spread.most()).putArray("each");
        rounds.forEach(round -> each.add(figure.applyAsDouble(round)));
    }
}
