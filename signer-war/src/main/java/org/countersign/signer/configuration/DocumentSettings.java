package org.countersign.signer.configuration;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.core.x509.TrustAnchors;

/**
 * The {@code documents} of a configuration file: what is taken to be signed, and to be judged.
 *
 * @param longest document, in bytes
 * @param atOnce how many are worked on
 * @param trustAnchors where chains may end as well as at those of tenants, when signatures are judged
 * @param revocationAddresses below which lists of revoked certificates are fetched, and responders asked; each ends with a slash
 */
public record DocumentSettings(long longest, int atOnce, TrustAnchors trustAnchors, List<URI> revocationAddresses) {

    private static final int DEFAULT_MEGABYTES = 200;
    private static final int DEFAULT_AT_ONCE = 4;
    private static final long MEGABYTE = 1_000_000;
    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s@#?%]+/");

    static DocumentSettings read(ConfigurationObject object) {
        int megabytes = object.number("maxMegabytes", DEFAULT_MEGABYTES, 1, 2_000);
        int atOnce = object.number("atOnce", DEFAULT_AT_ONCE, 1, 1_000);
        var anchors = anchors(object);
        var addresses = addresses(object);
        object.refuseUnknownKeys();
        return new DocumentSettings(megabytes * MEGABYTE, atOnce, anchors, addresses);
    }

    private static List<URI> addresses(ConfigurationObject object) {
        var addresses = new ArrayList<URI>();
        for (var text : object.texts("revocationAddresses")) {
            try {
                if (ADDRESS.matcher(text).matches() && URI.create(text).getHost() != null) {
                    addresses.add(URI.create(text));
                    continue;
                }
            } catch (IllegalArgumentException malformed) {
                // said below
            }
            object.problems()
                    .error(
                            object.pathOf("revocationAddresses"),
                            "must be http or https addresses that end with a slash, such as http://crl.example.com/");
        }
        return List.copyOf(addresses);
    }

    private static TrustAnchors anchors(ConfigurationObject object) {
        var pem = object.texts("trustAnchors");
        if (pem.isEmpty()) {
            return TrustAnchors.NONE;
        }
        try {
            return TrustAnchors.read(String.join("\n", pem));
        } catch (IllegalArgumentException malformed) {
            object.problems()
                    .error(object.pathOf("trustAnchors"), "must be certificates in PEM, -----BEGIN CERTIFICATE-----…");
            return TrustAnchors.NONE;
        }
    }
}
