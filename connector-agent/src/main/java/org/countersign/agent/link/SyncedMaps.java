package org.countersign.agent.link;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.readers.AtrMap.Kind;
import org.countersign.agent.readers.SyncedCards;
import org.countersign.agent.trust.TrustedIssuers;
import org.countersign.core.cards.AtrPattern;
import org.countersign.core.jose.Base64Url;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * The maps of modules and cards that the distribution service signed: everyone's, and those of the organisation. They lie in
 * the data folder; the long list of cards is looked through when a card comes, and not kept in memory.
 */
final class SyncedMaps implements SyncedCards {

    private static final System.Logger LOG = System.getLogger(SyncedMaps.class.getName());

    private static final String MODULES = "modules";
    private static final String ATRS = "atrs";
    private static final String EVERYONE = "public";
    private static final String OWN = "own";
    private static final long LARGEST = 8L << 20;
    private static final AlgorithmConstraints ALGORITHMS =
            new AlgorithmConstraints(ConstraintType.PERMIT, "ES256", "RS256");

    private final PrivateFolder folder;
    private final TrustedIssuers issuers;
    private final String service;
    private final Map<String, Head> heads = new LinkedHashMap<>();
    private volatile List<Pattern> modules = List.of();

    /** What is known of a map without its content. */
    private record Head(String kind, String audience, long revision, String sha256) {

        private static Optional<Head> of(JsonObject json, String kind, String audience) {
            long revision = json.containsKey("revision")
                    ? json.getJsonNumber("revision").longValue()
                    : -1;
            var sha256 = json.getString("sha256", "");
            return revision >= 0 && sha256.matches("[0-9a-f]{64}")
                    ? Optional.of(new Head(kind, audience, revision, sha256))
                    : Optional.empty();
        }
    }

    /** Cards of a module. */
    private record Pattern(AtrPattern atr, String module, String description) {}

    SyncedMaps(PrivateFolder folder, TrustedIssuers issuers, String service) {
        this.folder = folder;
        this.issuers = issuers;
        this.service = service;
        for (var kind : List.of(MODULES, ATRS)) {
            for (var whose : List.of(OWN, EVERYONE)) {
                claims(kind, whose)
                        .filter(claims -> service.equals(claims.getString("iss", "")))
                        .flatMap(claims -> Head.of(claims, kind, claims.getString("aud", "")))
                        .ifPresent(head -> heads.put(kind + "-" + whose, head));
            }
        }
        modules = readModules();
    }

    /** As {@code sync} wants it: which maps are here. */
    synchronized JsonValue held() {
        var array = Jsons.array();
        heads.values()
                .forEach(head -> array.add(Jsons.object()
                        .add("kind", head.kind())
                        .add("audience", head.audience())
                        .add("sha256", head.sha256())));
        return array.build();
    }

    /**
     * Takes those that are new and good.
     *
     * @param maps of an answer to {@code sync}
     * @return whether one is still to come, which the next call brings
     */
    synchronized boolean take(List<JsonObject> maps) {
        boolean more = false;
        boolean changed = false;
        for (var map : maps) {
            var kind = map.getString("kind", "");
            var audience = map.getString("audience", "");
            boolean known = (MODULES.equals(kind) || ATRS.equals(kind)) && !audience.isEmpty();
            var name = kind + "-" + (EVERYONE.equals(audience) ? EVERYONE : OWN);
            var kept = heads.get(name);
            boolean here = kept != null
                    && kept.audience().equals(audience)
                    && kept.sha256().equals(map.getString("sha256", ""));
            if (!known || here) {
                continue;
            }
            if (!map.containsKey("signed")) {
                more = true;
                continue;
            }
            var head = verified(map.getString("signed"), kind, audience).filter(told -> isNotOlder(told, kept));
            if (head.isEmpty()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The map {0} is not taken: not signed as it must be, or old",
                        name);
                continue;
            }
            folder.write(name, map.getString("signed").getBytes(StandardCharsets.US_ASCII));
            heads.put(name, head.get());
            changed = true;
        }
        if (changed) {
            modules = readModules();
        }
        return more && changed;
    }

    private static boolean isNotOlder(Head told, Head kept) {
        return kept == null || !kept.audience().equals(told.audience()) || told.revision() >= kept.revision();
    }

    private Optional<Head> verified(String signed, String kind, String audience) {
        try {
            var jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(ALGORITHMS);
            jws.setCompactSerialization(signed);
            var kid = jws.getKeyIdHeaderValue();
            var key = kid == null ? Optional.<java.security.PublicKey>empty() : issuers.knownKey(service, kid);
            if (key.isEmpty() || !("countersign-" + kind + "+jwt").equals(jws.getHeader("typ"))) {
                return Optional.empty();
            }
            jws.setKey(key.get());
            return jws.verifySignature()
                    ? Jsons.parse(jws.getPayloadBytes())
                            .filter(claims -> service.equals(claims.getString("iss", ""))
                                    && audience.equals(claims.getString("aud", "")))
                            .flatMap(claims -> Head.of(claims, kind, audience))
                    : Optional.empty();
        } catch (JoseException | ClassCastException malformed) {
            return Optional.empty();
        }
    }

    /** Of a map on disk, which was verified when it came. */
    private Optional<JsonObject> claims(String kind, String whose) {
        return folder.read(kind + "-" + whose, LARGEST)
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).split("\\."))
                .filter(parts -> parts.length == 3)
                .flatMap(parts -> Base64Url.decode(parts[1]))
                .flatMap(Jsons::parse);
    }

    private static List<JsonObject> objects(Optional<JsonObject> json, String member) {
        return json.map(object -> object.get(member))
                .filter(value -> value.getValueType() == JsonValue.ValueType.ARRAY)
                .map(value -> value.asJsonArray().stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonValue::asJsonObject)
                        .toList())
                .orElse(List.of());
    }

    private List<Pattern> readModules() {
        var patterns = new ArrayList<Pattern>();
        for (var whose : List.of(OWN, EVERYONE)) {
            for (var module : objects(claims(MODULES, whose), MODULES)) {
                for (var atr : Memory.texts(module, ATRS)) {
                    AtrPattern.parse(atr)
                            .ifPresent(pattern -> patterns.add(new Pattern(
                                    pattern, module.getString("id", ""), module.getString("description", ""))));
                }
            }
        }
        return List.copyOf(patterns);
    }

    @Override
    public List<String> modules(String atr) {
        return modules.stream()
                .filter(pattern -> pattern.atr().matches(atr))
                .map(Pattern::module)
                .distinct()
                .toList();
    }

    /** The most specific entry of both maps, the organisation's before everyone's. */
    @Override
    public List<String> descriptions(String atr) {
        record Found(int fixed, List<String> description) {}
        var found = new ArrayList<Found>();
        for (var whose : List.of(OWN, EVERYONE)) {
            for (var card : objects(claims(ATRS, whose), ATRS)) {
                AtrPattern.parse(card.getString("atr", ""))
                        .filter(pattern -> pattern.matches(atr))
                        .ifPresent(pattern -> found.add(new Found(pattern.fixed(), Memory.texts(card, "description"))));
            }
        }
        return found.stream()
                .max(Comparator.comparingInt(Found::fixed))
                .map(Found::description)
                .orElse(List.of());
    }

    @Override
    public List<Kind> all() {
        var kinds = new ArrayList<Kind>();
        modules.forEach(
                pattern -> kinds.add(new Kind(pattern.atr().text(), List.of(pattern.module()), pattern.description())));
        for (var whose : List.of(OWN, EVERYONE)) {
            for (var card : objects(claims(ATRS, whose), ATRS)) {
                kinds.add(new Kind(
                        card.getString("atr", ""), List.of(), String.join("; ", Memory.texts(card, "description"))));
            }
        }
        return kinds;
    }
}
