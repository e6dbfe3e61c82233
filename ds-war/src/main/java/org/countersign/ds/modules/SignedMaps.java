package org.countersign.ds.modules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.countersign.ds.files.Signing;
import org.countersign.server.keys.HashAlgorithm;

/**
 * Signs the maps of one kind, each organisation's own and everyone's, and keeps them until they change or an hour has gone:
 * so what is handed out is signed by a key that is published.
 */
final class SignedMaps {

    /** {@code aud} of a public map. */
    private static final String EVERYBODY = "public";

    private static final Duration KEPT = Duration.ofHours(1);
    private static final int MOST_KEPT = 1_000;
    private static final JsonMapper JSON = new JsonMapper();

    private final String type;
    private final String member;
    private final Signing signing;
    private final URI issuer;
    private final Clock clock;
    private final Map<Optional<UUID>, Kept> kept = new ConcurrentHashMap<>();

    private record Kept(SignedMap map, Instant at) {}

    /**
     * @param type of the JWS
     * @param member the claim that has the content
     */
    SignedMaps(String type, String member, Signing signing, URI issuer, Clock clock) {
        this.type = type;
        this.member = member;
        this.signing = signing;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** @param owner whose map it is; everyone's when empty */
    SignedMap get(Optional<UUID> owner, long revision, Supplier<List<Map<String, Object>>> content) {
        var now = clock.instant();
        if (kept.size() > MOST_KEPT) {
            // Everyone's is the long one.
            kept.keySet().removeIf(Optional::isPresent);
        }
        return kept.compute(
                        owner,
                        (key, known) -> known != null
                                        && known.map().revision() >= revision
                                        && now.isBefore(known.at().plus(KEPT))
                                ? known
                                : new Kept(sign(key, revision, content.get(), now), now))
                .map();
    }

    static String audience(Optional<UUID> owner) {
        return owner.map(UUID::toString).orElse(EVERYBODY);
    }

    private SignedMap sign(Optional<UUID> owner, long revision, List<Map<String, Object>> content, Instant now) {
        var sha256 = HexFormat.of().formatHex(HashAlgorithm.SHA256.digest(json(content)));
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer.toString());
        claims.put("aud", audience(owner));
        claims.put("iat", now.getEpochSecond());
        claims.put("revision", revision);
        claims.put("sha256", sha256);
        claims.put(member, content);
        return new SignedMap(revision, sha256, signing.sign(type, claims));
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A map is not JSON", impossible);
        }
    }
}
