package org.countersign.server.metrics;

import com.zaxxer.hikari.HikariPoolMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.ToIntFunction;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.persistence.Database;
import org.countersign.server.time.ClockStatus;
import org.countersign.server.time.SynchronizedClock;

/** What the clock, the database's pools and the audit log have to tell. */
public final class ServerMetrics {

    private static final double NANOS = 1e-9;

    private ServerMetrics() {}

    public static void of(SynchronizedClock clock, Metrics metrics) {
        metrics.gauge(
                "countersign_clock_offset_seconds",
                "What is added to the machine's clock; negative when that one is fast",
                () -> clock.status().offset().toNanos() * NANOS);
        metrics.gauge(
                "countersign_clock_synchronised",
                "1 when the NTP server's last answer was taken",
                () -> clock.status().state() == ClockStatus.State.SYNCHRONISED ? 1 : 0);
    }

    public static void of(Database database, Metrics metrics) {
        metrics.gauge(
                "countersign_database_available", "1 while the database answers", () -> database.isReachable() ? 1 : 0);
        var pools = database.pools();
        pool(metrics, pools, "active", "Connections in use", HikariPoolMXBean::getActiveConnections);
        pool(metrics, pools, "idle", "Connections waiting for work", HikariPoolMXBean::getIdleConnections);
        pool(metrics, pools, "waiting", "Requests for a connection", HikariPoolMXBean::getThreadsAwaitingConnection);
    }

    public static void of(AuditLog audit, Metrics metrics) {
        metrics.gauge("countersign_audit_available", "1 while entries can be written", () -> audit.available() ? 1 : 0);
        metrics.gauge("countersign_audit_queue", "Events waiting to be written", audit::waiting);
        metrics.gauge(
                "countersign_audit_lag_seconds", "How long the entries under way have been so", audit::lagSeconds);
    }

    private static void pool(
            Metrics metrics,
            Map<String, HikariPoolMXBean> pools,
            String state,
            String help,
            ToIntFunction<HikariPoolMXBean> value) {
        var values = new HashMap<String, DoubleSupplier>();
        pools.forEach((name, pool) -> values.put(name, () -> value.applyAsInt(pool)));
        metrics.gauges("countersign_pool_" + state, help, "pool", values);
    }
}
