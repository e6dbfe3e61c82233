package org.countersign.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * The figures of one context. Names follow Prometheus' conventions: units are seconds and bytes, counters end in
 * {@code _total}. Made at start, counted from any thread.
 *
 * <pre>{@code
 * metrics.gauge("countersign_clock_offset_seconds", "How far the clock is from its NTP server", clock::offsetSeconds);
 * }</pre>
 */
public final class Metrics {

    /** Media type of {@link #text()}. */
    public static final String TEXT = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    /** @param version the software's */
    public Metrics(String version) {
        Info.builder()
                .name("countersign_build_info")
                .help("The version that runs")
                .labelNames("version")
                .register(registry)
                .addLabelValues(version);
        Jvm.register(registry);
    }

    /**
     * A value that is asked for whenever the figures are read; from memory, never by asking somebody else.
     *
     * @param value NaN when it is not known
     */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Values of one kind, told apart by one label. */
    public void gauges(String name, String help, String label, Map<String, DoubleSupplier> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> values.forEach((key, value) -> callback.call(value.getAsDouble(), key)))
                .register(registry);
    }

    /** @param name without {@code _total} */
    public Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    /** @param limits of the buckets, in seconds */
    Histogram durations(String name, String help, double[] limits, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(limits)
                .withoutExemplars()
                .register(registry);
    }

    /** Everything, now. */
    byte[] text() {
        var out = new ByteArrayOutputStream(16_384);
        try {
            writer.write(out, registry.scrape());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
