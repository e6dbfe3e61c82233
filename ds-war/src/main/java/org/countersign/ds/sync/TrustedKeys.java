package org.countersign.ds.sync;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.countersign.ds.sync.SyncSettings.TrustedIssuer;
import org.countersign.server.logging.ContextLogger;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * The public keys of every issuer that agents trust. Those of others are fetched in the background, so that no device
 * waits for them; an issuer whose keys can not be had keeps those it had, and is named without keys while there are none:
 * agents keep the keys they know of such a one, and trust nobody who is not named.
 */
public final class TrustedKeys implements AutoCloseable {

    private static final System.Logger LOG = ContextLogger.of(TrustedKeys.class);
    private static final long MINUTES = 5;
    private static final int MILLISECONDS = 5_000;
    private static final int LARGEST = 1 << 16;

    private final List<TrustedIssuer> others;
    private final String issuer;
    private final Supplier<List<Map<String, Object>>> own;
    private final Map<String, IssuerKeys> fetched = new ConcurrentHashMap<>();
    private final ScheduledExecutorService executor;

    /** @param keys JWKs, public members only; none when they can not be had */
    public record IssuerKeys(String issuer, List<Map<String, Object>> keys) {}

    private TrustedKeys(
            List<TrustedIssuer> others,
            String issuer,
            Supplier<List<Map<String, Object>>> own,
            ScheduledExecutorService executor) {
        this.others = others;
        this.issuer = issuer;
        this.own = own;
        this.executor = executor;
    }

    /**
     * @param issuer the context's own
     * @param own its public keys, as JWKs
     */
    public static TrustedKeys start(
            List<TrustedIssuer> others, URI issuer, Supplier<List<Map<String, Object>>> own, String context) {
        var executor = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "countersign-trusted-keys-" + context);
            thread.setDaemon(true);
            return thread;
        });
        var keys = new TrustedKeys(others, issuer.toString(), own, executor);
        if (!others.isEmpty()) {
            executor.scheduleWithFixedDelay(keys::refresh, 0, MINUTES, TimeUnit.MINUTES);
        }
        return keys;
    }

    /** The service's own first. Does not wait. */
    List<IssuerKeys> current() {
        var all = new ArrayList<IssuerKeys>();
        all.add(new IssuerKeys(issuer, own.get()));
        for (var other : others) {
            all.add(fetched.getOrDefault(other.issuer(), new IssuerKeys(other.issuer(), List.of())));
        }
        return all;
    }

    private void refresh() {
        for (var other : others) {
            try {
                var keys = publicKeys(fetch(other.jwksUri()));
                if (keys.isEmpty()) {
                    throw new IOException("The answer has no key of use");
                }
                fetched.put(other.issuer(), new IssuerKeys(other.issuer(), keys));
            } catch (IOException | JoseException | RuntimeException failure) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The keys of issuer " + other.issuer() + " were not fetched; it is tried again",
                        failure);
            }
        }
    }

    private static String fetch(URI address) throws IOException {
        var connection = (HttpURLConnection) address.toURL().openConnection();
        try {
            connection.setConnectTimeout(MILLISECONDS);
            connection.setReadTimeout(MILLISECONDS);
            connection.setInstanceFollowRedirects(false);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("The answer's status is " + connection.getResponseCode());
            }
            try (var in = connection.getInputStream()) {
                var bytes = in.readNBytes(LARGEST + 1);
                if (bytes.length > LARGEST) {
                    throw new IOException("The answer is too large");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } finally {
            connection.disconnect();
        }
    }

    /** Of a JWK set, what has a public half, without the private one. */
    static List<Map<String, Object>> publicKeys(String json) throws JoseException {
        var keys = new ArrayList<Map<String, Object>>();
        for (var key : new JsonWebKeySet(json).getJsonWebKeys()) {
            if (key instanceof PublicJsonWebKey) {
                keys.add(key.toParams(OutputControlLevel.PUBLIC_ONLY));
            }
        }
        return List.copyOf(keys);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
