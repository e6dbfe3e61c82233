package org.countersign.ds.releases;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.ds.files.Signing;

/**
 * Offers updates. A manifest is a JWS of type {@code countersign-manifest+jwt} with {@code iss}, {@code version},
 * {@code os}, {@code uri}, {@code size} (bytes), {@code sha256} (hexadecimal), {@code mandatory}, {@code iat} and {@code exp}
 * (a day later). It is the same for every device, and so signed once a minute and node at most.
 */
public final class UpdateOffers {

    /** The manifest's {@code typ}. */
    public static final String TYPE = "countersign-manifest+jwt";

    /** How long a manifest is good. */
    public static final Duration VALIDITY = Duration.ofDays(1);

    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int MOST_KEPT = 1_000;

    private final Versions versions;
    private final Signing signing;
    private final URI issuer;
    private final Clock clock;
    private final Map<Content, Signed> signed = new ConcurrentHashMap<>();

    private record Content(String version, AgentOs os, String uri, String sha256, long size, boolean mandatory) {}

    private record Signed(String manifest, Instant at) {}

    /** @param issuer the context's address as others reach it */
    public UpdateOffers(Versions versions, Signing signing, URI issuer, Clock clock) {
        this.versions = versions;
        this.signing = signing;
        this.issuer = issuer;
        this.clock = clock;
    }

    /**
     * What a device should move to; empty when it is to stay, or when its version is none that can be compared.
     *
     * @param organisation the device's; versions are everyone's, so that it decides nothing in this version
     * @param currentVersion as the device says it
     */
    public Optional<UpdateOffer> offer(UUID deviceUuid, UUID organisation, String currentVersion, AgentOs os) {
        return SemanticVersion.parse(currentVersion)
                .flatMap(current -> versions.recent().target(deviceUuid, current, os))
                .map(target -> offer(target, os));
    }

    private UpdateOffer offer(Catalogue.Target target, AgentOs os) {
        var version = target.version();
        var file = version.installers().get(os).file();
        var uri = version.uris()
                .getOrDefault(os, issuer + "/v3_5/downloads/installers/" + os + "/versions/" + version.id());
        var content = new Content(version.id().toString(), os, uri, file.sha256(), file.size(), target.mandatory());
        return new UpdateOffer(content.version(), content.mandatory(), manifest(content));
    }

    private String manifest(Content content) {
        var now = clock.instant();
        if (signed.size() > MOST_KEPT) {
            signed.clear();
        }
        return signed.compute(
                        content,
                        (key, kept) -> kept != null && now.isBefore(kept.at().plus(KEPT))
                                ? kept
                                : new Signed(sign(content, now), now))
                .manifest();
    }

    private String sign(Content content, Instant now) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer.toString());
        claims.put("version", content.version());
        claims.put("os", content.os().name());
        claims.put("uri", content.uri());
        claims.put("size", content.size());
        claims.put("sha256", content.sha256());
        claims.put("mandatory", content.mandatory());
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(VALIDITY).getEpochSecond());
        return signing.sign(TYPE, claims);
    }
}
