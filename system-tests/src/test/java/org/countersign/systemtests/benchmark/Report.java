package org.countersign.systemtests.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.countersign.systemtests.benchmark.Figures.BesideDss;
import org.countersign.systemtests.benchmark.Figures.Call;
import org.countersign.systemtests.benchmark.Figures.Compared;
import org.countersign.systemtests.benchmark.Figures.Http;
import org.countersign.systemtests.benchmark.RawSignatures.Source;

/** What was measured, for people and for programs. */
final class Report {

    private static final JsonMapper JSON = new JsonMapper();

    private final Options options;
    private final Figures figures;
    private final int cores;

    Report(Options options, Figures figures, int cores) {
        this.options = options;
        this.figures = figures;
        this.cores = cores;
    }

    String text() {
        var provider = Source.corretto().name();
        var text = new StringBuilder();
        text.append("\nMedian (least–most) of ")
                .append(options.repeats())
                .append(" repeats of ")
                .append(options.seconds())
                .append(" s. ")
                .append(Machine.description())
                .append("\n\nRaw signatures of the Java crypto providers, no server\n\n");
        var raw = new ArrayList<List<String>>();
        raw.add(List.of("provider", "key", "threads", "signatures/s", "CPU ms/signature"));
        figures.raws()
                .forEach((what, repeats) -> raw.add(List.of(
                        what.provider(),
                        what.key().label(),
                        Integer.toString(what.threads()),
                        Spread.of(repeats, Measurement::signaturesPerSecond).text(0),
                        Spread.of(repeats, Measurement::processorPerSignature).text(3))));
        text.append(TextTable.of(raw))
                .append("\nOne PIN check (")
                .append(PinCost.description())
                .append("): ")
                .append(Spread.of(figures.pinCheck(), Double::doubleValue).text(2))
                .append(" ms of CPU\n\nThe server over HTTP, as ratio to raw signatures by ")
                .append(provider)
                .append("; of sign, the SADs were made beforehand\n\n");
        text.append(TextTable.of(speeds(provider))).append("\nWhat it costs, in ms of CPU\n\n");
        text.append(TextTable.of(costs(provider)))
                .append(
                        "\nBeside EU DSS's server-signing service on the same server, one hash, in ms of the server's CPU a call\n\n")
                .append(TextTable.of(besideDss()));
        return text.append('\n').toString();
    }

    private List<List<String>> speeds(String provider) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(
                "call",
                "key",
                "hashes",
                "clients",
                "signatures/s",
                "ratio wall",
                "ratio CPU",
                "with database",
                "p50 ms",
                "p99 ms"));
        own().forEach((call, repeats) -> {
            var compared = figures.compared(call, provider, cores);
            rows.add(List.of(
                    call.what().label(),
                    call.key().label(),
                    Integer.toString(call.hashes()),
                    Integer.toString(call.clients()),
                    Spread.of(repeats, Measurement::signaturesPerSecond).text(0),
                    ratio(compared, one -> one.wallRatio(call.clients())),
                    ratio(compared, one -> one.processorRatio(call.clients())),
                    ratio(compared, one -> one.processorRatioWithDatabase(call.clients())),
                    Spread.of(repeats, one -> one.percentile(0.5)).text(1),
                    Spread.of(repeats, one -> one.percentile(0.99)).text(1)));
        });
        return rows;
    }

    private List<List<String>> costs(String provider) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(
                "call",
                "key",
                "hashes",
                "clients",
                "server/signature",
                "database/signature",
                "server/call above raw and PIN",
                "busy cores: server",
                "database",
                "load"));
        own().forEach((call, repeats) -> {
            var compared = figures.compared(call, provider, cores);
            rows.add(List.of(
                    call.what().label(),
                    call.key().label(),
                    Integer.toString(call.hashes()),
                    Integer.toString(call.clients()),
                    Spread.of(repeats, Measurement::processorPerSignature).text(3),
                    Spread.of(repeats, Measurement::databasePerSignature).text(3),
                    Spread.of(compared, one -> one.aboveRaw(call)).text(2),
                    plain(repeats, Measurement::busyCores),
                    plain(repeats, Measurement::databaseCores),
                    plain(repeats, Measurement::loadCores)));
        });
        return rows;
    }

    /** Without EU DSS's. */
    private Map<Call, List<Measurement>> own() {
        var own = new LinkedHashMap<>(figures.calls());
        own.keySet().removeIf(call -> call.what() == Http.DSS);
        return own;
    }

    private List<List<String>> besideDss() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(
                "call", "key", "clients", "signatures/s", "server/call", "÷ DSS", "above DSS and PIN", "p50 ms"));
        figures.calls().forEach((call, repeats) -> {
            if (call.hashes() == 1) {
                var beside = figures.besideDss(call);
                rows.add(List.of(
                        call.what().label(),
                        call.key().label(),
                        Integer.toString(call.clients()),
                        Spread.of(repeats, Measurement::signaturesPerSecond).text(0),
                        Spread.of(repeats, Measurement::processorPerCall).text(2),
                        Spread.of(beside, BesideDss::share).text(2),
                        Spread.of(beside, BesideDss::above).text(2),
                        Spread.of(repeats, one -> one.percentile(0.5)).text(1)));
            }
        });
        return rows;
    }

    String json() {
        var root = JSON.createObjectNode();
        root.put("machine", Machine.description());
        root.put("cores", cores);
        root.put("seconds", options.seconds());
        root.put("repeats", options.repeats());
        root.put("pinDerivation", PinCost.description());
        var pin = root.putArray("pinCheckCpuMs");
        figures.pinCheck().forEach(pin::add);
        var raw = root.putArray("raw");
        figures.raws().forEach((what, repeats) -> {
            var node = raw.addObject()
                    .put("provider", what.provider())
                    .put("key", what.key().label())
                    .put("threads", what.threads());
            add(node, "signaturesPerSecond", repeats, Measurement::signaturesPerSecond);
            add(node, "cpuMsPerSignature", repeats, Measurement::processorPerSignature);
        });
        var http = root.putArray("http");
        own().forEach((call, repeats) -> {
            var compared = figures.compared(call, Source.corretto().name(), cores);
            var node = http.addObject()
                    .put("call", call.what().label())
                    .put("key", call.key().label())
                    .put("hashes", call.hashes())
                    .put("clients", call.clients());
            add(node, "calls", repeats, Measurement::calls);
            add(node, "signaturesPerSecond", repeats, Measurement::signaturesPerSecond);
            add(node, "ratioWall", compared, one -> one.wallRatio(call.clients()));
            add(node, "ratioCpu", compared, one -> one.processorRatio(call.clients()));
            add(node, "ratioCpuWithDatabase", compared, one -> one.processorRatioWithDatabase(call.clients()));
            add(node, "p50Ms", repeats, one -> one.percentile(0.5));
            add(node, "p99Ms", repeats, one -> one.percentile(0.99));
            add(node, "serverCpuMsPerSignature", repeats, Measurement::processorPerSignature);
            add(node, "databaseCpuMsPerSignature", repeats, Measurement::databasePerSignature);
            add(node, "serverCpuMsPerCallAboveRawAndPin", compared, one -> one.aboveRaw(call));
            add(node, "serverCores", repeats, Measurement::busyCores);
            add(node, "databaseCores", repeats, Measurement::databaseCores);
            add(node, "loadCores", repeats, Measurement::loadCores);
        });
        var besideDss = root.putArray("besideDss");
        figures.calls().forEach((call, repeats) -> {
            if (call.hashes() == 1) {
                var beside = figures.besideDss(call);
                var node = besideDss
                        .addObject()
                        .put("call", call.what().label())
                        .put("key", call.key().label())
                        .put("clients", call.clients());
                add(node, "signaturesPerSecond", repeats, Measurement::signaturesPerSecond);
                add(node, "serverCpuMsPerCall", repeats, Measurement::processorPerCall);
                add(node, "shareOfDss", beside, BesideDss::share);
                add(node, "cpuMsAboveDssAndPin", beside, BesideDss::above);
            }
        });
        return root.toPrettyString() + "\n";
    }

    private static <T> void add(ObjectNode node, String name, List<T> repeats, ToDoubleFunction<T> figure) {
        var spread = Spread.of(repeats, figure);
        var own = node.putObject(name).put("median", spread.median()).put("least", spread.least());
        var each = own.put("most", spread.most()).putArray("each");
        repeats.forEach(repeat -> each.add(figure.applyAsDouble(repeat)));
    }

    private static String ratio(List<Compared> compared, ToDoubleFunction<Compared> figure) {
        return Spread.of(compared, figure).text(2);
    }

    private static String plain(List<Measurement> repeats, ToDoubleFunction<Measurement> figure) {
        return String.format(Locale.ROOT, "%.2f", Spread.of(repeats, figure).median());
    }
}
