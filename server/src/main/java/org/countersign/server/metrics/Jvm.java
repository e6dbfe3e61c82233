package org.countersign.server.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.function.ToLongFunction;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The Java process the context shares with its neighbours. Only asks; the library's own set registers listeners that would
 * hold an undeployed application in memory.
 */
final class Jvm {

    private static final String AREA = "area";
    private static final double NANOS = 1e-9;
    private static final double MILLIS = 1e-3;

    private Jvm() {}

    static void register(PrometheusRegistry registry) {
        memory(registry, "jvm_memory_used_bytes", "Memory in use", MemoryUsage::getUsed);
        memory(
                registry,
                "jvm_memory_committed_bytes",
                "Memory the process has from the machine",
                usage -> usage.getCommitted());
        memory(registry, "jvm_memory_max_bytes", "The most it may take; -1 when nothing says so", MemoryUsage::getMax);
        gauge(registry, "jvm_threads_current", "Threads", ManagementFactory.getThreadMXBean()::getThreadCount);
        gauge(
                registry,
                "process_start_time_seconds",
                "When the process started, in seconds since 1970",
                () -> ManagementFactory.getRuntimeMXBean().getStartTime() * MILLIS);
        gauge(registry, "process_open_fds", "Open files and sockets", () -> ofTheSystem("OpenFileDescriptorCount"));
        CounterWithCallback.builder()
                .name("process_cpu_seconds_total")
                .help("Processor time the process took")
                .callback(callback -> callback.call(Math.max(0, ofTheSystem("ProcessCpuTime")) * NANOS))
                .register(registry);
        CounterWithCallback.builder()
                .name("jvm_gc_collections_total")
                .help("Collections, by collector")
                .labelNames("gc")
                .callback(callback -> ManagementFactory.getGarbageCollectorMXBeans()
                        .forEach(gc -> callback.call(Math.max(0, gc.getCollectionCount()), gc.getName())))
                .register(registry);
        CounterWithCallback.builder()
                .name("jvm_gc_collection_seconds_total")
                .help("Time spent in collections, by collector")
                .labelNames("gc")
                .callback(callback -> ManagementFactory.getGarbageCollectorMXBeans()
                        .forEach(gc -> callback.call(Math.max(0, gc.getCollectionTime()) * MILLIS, gc.getName())))
                .register(registry);
    }

    private static void memory(
            PrometheusRegistry registry, String name, String help, ToLongFunction<MemoryUsage> value) {
        var bean = ManagementFactory.getMemoryMXBean();
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(AREA)
                .callback(callback -> {
                    callback.call(value.applyAsLong(bean.getHeapMemoryUsage()), "heap");
                    callback.call(value.applyAsLong(bean.getNonHeapMemoryUsage()), "nonheap");
                })
                .register(registry);
    }

    private static void gauge(
            PrometheusRegistry registry, String name, String help, java.util.function.DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** By name, since an application server need not show {@code com.sun.management} to its applications. */
    private static double ofTheSystem(String attribute) {
        try {
            var system = ObjectName.getInstance(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
            return ((Number) ManagementFactory.getPlatformMBeanServer().getAttribute(system, attribute)).doubleValue();
        } catch (JMException notOnThisSystem) {
            return Double.NaN;
        }
    }
}
