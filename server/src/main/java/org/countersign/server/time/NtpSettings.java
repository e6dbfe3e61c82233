package org.countersign.server.time;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.apache.commons.net.ntp.NtpV3Packet;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * The {@code ntp} of a configuration file.
 *
 * @param host name or address
 * @param timeout for one exchange, from the question to the answer
 * @param interval between two exchanges
 * @param maxOffset from the machine's clock; an answer that is further away is refused
 */
public record NtpSettings(String host, int port, Duration timeout, Duration interval, Duration maxOffset) {

    private static final String SCHEME = "ntp://";
    private static final int DEFAULT_TIMEOUT = 2;
    private static final int DEFAULT_INTERVAL = 1;
    private static final int DAY_IN_MINUTES = 1_440;
    private static final int DAY_IN_SECONDS = 86_400;
    /** RFC 5905's panic threshold: a step beyond it is somebody's to look at. */
    private static final int DEFAULT_MAX_OFFSET = 1_000;

    /** Empty when the file names no server. */
    public static Optional<NtpSettings> read(ConfigurationObject file) {
        var ntp = file.object("ntp");
        if (!ntp.isPresent()) {
            return Optional.empty();
        }
        var server = server(ntp.requiredText("url"));
        int timeout = ntp.number("timeoutInSeconds", DEFAULT_TIMEOUT, 1, 60);
        int interval = ntp.number("syncTimeInMinutes", DEFAULT_INTERVAL, 1, DAY_IN_MINUTES);
        int maxOffset = ntp.number("maxOffsetInSeconds", DEFAULT_MAX_OFFSET, 1, DAY_IN_SECONDS);
        ntp.refuseUnknownKeys();
        if (server.isEmpty() && ntp.text("url").filter(url -> !url.isBlank()).isPresent()) {
            ntp.problems().error(ntp.pathOf("url"), "must be HOST or HOST:PORT, such as time.google.com");
        }
        return server.map(uri -> new NtpSettings(
                uri.getHost(),
                uri.getPort() < 0 ? NtpV3Packet.NTP_PORT : uri.getPort(),
                Duration.ofSeconds(timeout),
                Duration.ofMinutes(interval),
                Duration.ofSeconds(maxOffset)));
    }

    private static Optional<URI> server(String url) {
        try {
            var text = url.startsWith(SCHEME) ? url : SCHEME + url;
            var uri = new URI(text);
            boolean hostAndPortOnly = uri.getHost() != null
                    && uri.getPort() != 0
                    && uri.getPort() <= 65_535
                    && uri.getUserInfo() == null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return hostAndPortOnly ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    /** The server as messages name it. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
