package org.countersign.ds.applications;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.web.AddressRange;

/**
 * An application as an operator sends it.
 *
 * @param label 1 to 64 letters, digits, points, hyphens and underscores, the first a letter or digit; unique
 * @param origins 1 to 100, see {@link Origin}
 * @param ipRanges at most 100 such as {@code 10.1.2.0/24}; without any, from anywhere
 * @param clientCertificate SHA-256 of the certificate it must show: 64 hexadecimal digits, colons between them allowed
 * @param requestsPerMinute of each API key, 1 to 1000000
 */
public record ApplicationRequest(
        UUID organisationId,
        String label,
        List<String> origins,
        List<String> ipRanges,
        String clientCertificate,
        Integer requestsPerMinute) {

    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MOST = 100;
    private static final int MOST_REQUESTS = 1_000_000;

    /** @throws ProtocolException {@code invalid_request} */
    ApplicationRequest checked() {
        require(organisationId != null, "organisationId is required");
        require(
                label != null && LABEL.matcher(label).matches(),
                "label has 1 to 64 letters, digits, points, hyphens and underscores, the first a letter or digit");
        require(origins != null && !origins.isEmpty() && origins.size() <= MOST, "origins has 1 to 100 elements");
        var ranges = ipRanges == null ? List.<String>of() : ipRanges;
        require(ranges.size() <= MOST, "ipRanges has at most 100 elements");
        require(
                requestsPerMinute == null || requestsPerMinute >= 1 && requestsPerMinute <= MOST_REQUESTS,
                "requestsPerMinute is between 1 and 1000000");
        ranges.forEach(range -> require(
                range != null && AddressRange.parse(range).isPresent(),
                "ipRanges has addresses and ranges such as 10.1.2.0/24 or 2001:db8::/32"));
        return new ApplicationRequest(
                organisationId,
                label,
                each(
                        origins,
                        origin -> Origin.parse(origin)
                                .orElseThrow(() -> ProtocolException.invalidRequest("An origin " + Origin.FORM))),
                each(ranges, range -> range),
                fingerprint(clientCertificate),
                requestsPerMinute);
    }

    private static List<String> each(List<String> texts, Function<String, String> reading) {
        return texts.stream().map(reading).distinct().toList();
    }

    private static String fingerprint(String text) {
        if (text == null) {
            return null;
        }
        var digits = text.replace(":", "").toLowerCase(Locale.ROOT);
        require(SHA_256.matcher(digits).matches(), "clientCertificate is a SHA-256 in hexadecimal");
        return digits;
    }

    private static void require(boolean holds, String description) {
        if (!holds) {
            throw ProtocolException.invalidRequest(description);
        }
    }
}
