package org.countersign.agent.trust;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.outgoing.Outgoing;

/**
 * One issuer and its keys. A key that is not known is asked for, at most once a while: that is how a rotation is followed,
 * also by an agent that slept through several. Keys that are known stay good when the issuer is away.
 */
final class Issuer {

    private static final System.Logger LOG = System.getLogger(Issuer.class.getName());

    private static final String JWKS = "/.well-known/jwks.json";
    private static final Duration BETWEEN_REFRESHES = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** What the distribution service passes on may be that old. */
    private static final Duration NEWER = Duration.ofMinutes(10);

    private static final int LARGEST = 256 << 10;

    private final URI uri;
    private final String file;
    private final PrivateFolder folder;
    private final Outgoing outgoing;
    private final Clock clock;
    private final Runnable unanswered;
    private volatile KeySet keys;
    private Instant askedAt = Instant.MIN;
    private Instant fetchedAt = Instant.MIN;
    private boolean forgotten;

    /** @param unanswered called when a key was asked for and is still not known */
    Issuer(URI uri, PrivateFolder folder, Outgoing outgoing, Clock clock, Runnable unanswered) {
        this.uri = uri;
        this.file = name(uri.toString());
        this.folder = folder;
        this.outgoing = outgoing;
        this.clock = clock;
        this.unanswered = unanswered;
        this.keys = folder.read(file)
                .flatMap(json -> KeySet.parse(new String(json, StandardCharsets.UTF_8)))
                .orElse(KeySet.EMPTY);
    }

    Optional<PublicKey> key(String kid) {
        var known = keys.key(kid);
        if (known.isPresent()) {
            return known;
        }
        refresh(kid);
        return keys.key(kid);
    }

    Optional<PublicKey> knownKey(String kid) {
        return keys.key(kid);
    }

    private synchronized void refresh(String kid) {
        // Somebody else may have asked while this call waited.
        var now = clock.instant();
        boolean tooSoon = !askedAt.equals(Instant.MIN)
                && Duration.between(askedAt, now).abs().compareTo(BETWEEN_REFRESHES) < 0;
        if (keys.key(kid).isPresent() || tooSoon || forgotten) {
            return;
        }
        askedAt = now;
        fetch(now);
        if (keys.key(kid).isEmpty()) {
            unanswered.run();
        }
    }

    private void fetch(Instant now) {
        try {
            var request = HttpRequest.newBuilder(URI.create(uri + JWKS)).build();
            var reply = outgoing.send(request, PATIENCE, LARGEST, false);
            var fresh = reply.status() == 200 ? usable(reply.body()) : Optional.<KeySet>empty();
            if (fresh.isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, "{0} answered without a key set", uri);
                return;
            }
            keys = fresh.get();
            fetchedAt = now;
            folder.write(file, reply.body());
        } catch (IOException away) {
            LOG.log(System.Logger.Level.WARNING, "{0} is away; the keys that are known stay", uri);
        }
    }

    /** What the distribution service says this issuer's keys are. What the issuer itself said lately counts, too. */
    synchronized void learn(byte[] jwks) {
        var told = usable(jwks);
        if (told.isEmpty()) {
            return;
        }
        boolean lately = !fetchedAt.equals(Instant.MIN)
                && Duration.between(fetchedAt, clock.instant()).abs().compareTo(NEWER) < 0;
        var fresh = lately ? keys.with(told.get()) : told.get();
        if (!fresh.equals(keys)) {
            folder.write(file, jwks);
            keys = fresh;
        }
    }

    /** It is trusted no more. */
    synchronized void forget() {
        forgotten = true;
        keys = KeySet.EMPTY;
        folder.delete(file);
    }

    private static Optional<KeySet> usable(byte[] jwks) {
        return KeySet.parse(new String(jwks, StandardCharsets.UTF_8))
                .filter(set -> !set.keys().isEmpty());
    }

    private static String name(String issuer) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(issuer.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest) + ".jwks";
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
