package org.countersign.server.metrics;

import java.util.List;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.web.AddressRange;
import org.countersign.server.web.AddressRanges;

/**
 * The {@code metrics} of a configuration file.
 *
 * @param readers who may read the figures without a token
 */
public record MetricsSettings(List<AddressRange> readers) {

    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");
    private static final String ADDRESSES = "allowedAddresses";

    public MetricsSettings {
        readers = List.copyOf(readers);
    }

    public static MetricsSettings read(ConfigurationObject object) {
        var readers = AddressRanges.read(object, ADDRESSES, LOOPBACK);
        object.refuseUnknownKeys();
        return new MetricsSettings(readers);
    }
}
