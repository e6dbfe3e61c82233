package org.countersign.server.wiring;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.logging.LoggerSettings;
import org.countersign.server.metrics.MetricsSettings;
import org.countersign.server.oauth.ClientSettings;
import org.countersign.server.persistence.DatabaseSettings;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.time.NtpSettings;

/**
 * What the configuration files of all products say alike.
 *
 * @param source the file, for messages
 * @param tenants whose names an OAuth client's authorities may have
 * @param anchorFolder where the audit log's signed heads go
 * @param metrics who may read the figures
 * @param ntp the server that puts the clock right; without one it is the machine's
 * @param loggers the company's own log files
 */
public record ContextSettings(
        String source,
        DatabaseSettings database,
        Set<String> tenants,
        List<ClientSettings> clients,
        Path anchorFolder,
        MetricsSettings metrics,
        Optional<NtpSettings> ntp,
        List<LoggerSettings> loggers) {

    public ContextSettings {
        tenants = Set.copyOf(tenants);
        clients = List.copyOf(clients);
        loggers = List.copyOf(loggers);
    }

    /**
     * Tells the file's problems what is wrong.
     *
     * @param trial whether the log files are tried, as before a start
     */
    public static ContextSettings read(
            ConfigurationObject file,
            Path path,
            ContextName context,
            Map<String, String> environment,
            Set<String> tenants,
            boolean trial) {
        var audit = file.object("audit");
        var anchors = path.resolveSibling(audit.text("anchorFolder").orElse("audit-anchor"))
                .resolve(context.company())
                .normalize();
        audit.refuseUnknownKeys();
        return new ContextSettings(
                path.toString(),
                DatabaseSettings.read(file, environment),
                tenants,
                ClientSettings.read(file, tenants),
                anchors,
                MetricsSettings.read(file.object("metrics")),
                NtpSettings.read(file),
                LoggerSettings.read(file, path, context, trial));
    }
}
