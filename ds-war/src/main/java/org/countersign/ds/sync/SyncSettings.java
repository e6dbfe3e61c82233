package org.countersign.ds.sync;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.oauth.Peer;

/**
 * What devices are told regularly.
 *
 * @param interval between two calls of a device, on average
 * @param trustedIssuers whose tokens agents accept beside the service's own
 */
public record SyncSettings(Duration interval, List<TrustedIssuer> trustedIssuers) {

    /** @param jwksUri where its public keys are, as a JWK set */
    public record TrustedIssuer(String issuer, URI jwksUri) {}

    public SyncSettings {
        trustedIssuers = List.copyOf(trustedIssuers);
    }

    public static SyncSettings read(ConfigurationObject file) {
        var sync = file.object("sync");
        var interval = Duration.ofSeconds(sync.number("intervalInSeconds", 300, 10, 86_400));
        sync.refuseUnknownKeys();
        var issuers = new ArrayList<TrustedIssuer>();
        for (var entry : file.objects("trustedIssuers")) {
            var issuer = entry.requiredText("issuer");
            if (issuers.stream().anyMatch(earlier -> earlier.issuer().equals(issuer))) {
                file.problems().error(entry.pathOf("issuer"), "is the same as an earlier one's");
            }
            issuers.add(new TrustedIssuer(issuer, jwksUri(entry)));
            entry.refuseUnknownKeys();
        }
        return new SyncSettings(interval, issuers);
    }

    private static URI jwksUri(ConfigurationObject entry) {
        var text = entry.requiredText("jwksUri");
        try {
            var uri = URI.create(text);
            boolean local = "http".equals(uri.getScheme()) && Peer.isLoopback(uri.getHost());
            if (text.isEmpty() || uri.getHost() != null && ("https".equals(uri.getScheme()) || local)) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        entry.problems().error(entry.pathOf("jwksUri"), "must be an https address, or an http one of this machine");
        return URI.create("");
    }
}
