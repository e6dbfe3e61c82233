package org.countersign.agent.trust;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.PublicKey;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.outgoing.Outgoing;
import org.countersign.agent.settings.Setting;
import org.countersign.core.configuration.Problems;

/**
 * Those whose tokens count: those that are set, and those that the distribution service names. A key of one never verifies a
 * token of another.
 */
public final class TrustedIssuers {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int MOST = 100;

    private final Map<String, Issuer> issuers = new ConcurrentHashMap<>();
    /** Those that the distribution service can not withdraw. */
    private final Set<String> set = ConcurrentHashMap.newKeySet();

    private final PrivateFolder folder;
    private final Outgoing outgoing;
    private final Clock clock;
    private volatile Runnable doubted = () -> {};

    private TrustedIssuers(PrivateFolder folder, Outgoing outgoing, Clock clock) {
        this.folder = folder;
        this.outgoing = outgoing;
        this.clock = clock;
    }

    public static TrustedIssuers of(
            List<String> texts, PrivateFolder folder, Outgoing outgoing, Clock clock, Problems problems) {
        var issuers = new TrustedIssuers(folder, outgoing, clock);
        for (var text : texts) {
            if (!issuers.trust(text)) {
                problems.error(
                        Setting.TOKEN_ISSUERS.key(),
                        "must be https addresses without query, as \"iss\" has them; http for localhost,"
                                + " 127.0.0.1 and [::1] only");
            }
        }
        return issuers;
    }

    /**
     * From now on its tokens count, whatever the distribution service says.
     *
     * @return false when the name is no address of an issuer, or there are too many
     */
    public boolean trust(String name) {
        boolean trusted = add(name);
        if (trusted) {
            set.add(name);
        }
        return trusted;
    }

    private boolean add(String name) {
        var uri = uri(name);
        if (uri.isEmpty() || issuers.size() >= MOST && !issuers.containsKey(name)) {
            return false;
        }
        issuers.computeIfAbsent(name, unknown -> new Issuer(uri.get(), folder, outgoing, clock, this::doubt));
        return true;
    }

    /**
     * All whom the distribution service trusts, in place of those it told before.
     *
     * @param told the key set of each, in JSON; one that has no keys says nothing of them
     */
    public synchronized void learn(Map<String, byte[]> told) {
        for (var name : List.copyOf(issuers.keySet())) {
            if (!set.contains(name) && !told.containsKey(name)) {
                issuers.remove(name).forget();
            }
        }
        told.forEach((name, jwks) -> {
            if (add(name)) {
                issuers.get(name).learn(jwks);
            }
        });
    }

    /** @param action when a key is not known, or a token's time does not fit the clock; must not wait */
    public void whenDoubted(Runnable action) {
        doubted = action;
    }

    void doubt() {
        doubted.run();
    }

    Optional<Issuer> issuer(String name) {
        return Optional.ofNullable(issuers.get(name));
    }

    /** A key that is known, without asking anybody. */
    public Optional<PublicKey> knownKey(String name, String kid) {
        return issuer(name).flatMap(issuer -> issuer.knownKey(kid));
    }

    /** The address that a name of an issuer is. */
    public static Optional<URI> uri(String text) {
        try {
            var uri = new URI(text);
            boolean safe = "https".equals(uri.getScheme())
                    || "http".equals(uri.getScheme()) && uri.getHost() != null && LOOPBACK.contains(uri.getHost());
            boolean plain = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && !text.endsWith("/");
            return safe && plain ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }
}
