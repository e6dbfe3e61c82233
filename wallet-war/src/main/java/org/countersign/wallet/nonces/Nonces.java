package org.countersign.wallet.nonces;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.limits.Windows;
import org.countersign.server.persistence.Batches;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.ClientAddress;

/** Gives nonces and takes each back once, on whatever node: the statement that deletes it decides. */
public final class Nonces {

    private static final Duration VALIDITY = Duration.ofSeconds(20);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int REMEMBERED = 10_000;
    /** How many times a network's share all get together: each nonce is a row. */
    private static final int NETWORKS = 100;

    private static final String ALL = "all";

    private static final String GIVE = "insert into nonce (nonce_hash, expires_at) values (?, ?)";
    private static final String TAKE = "delete from nonce where nonce_hash = ? and expires_at > ?";

    private final Statements statements;
    private final int perMinute;
    private final Windows given;
    private final Windows givenToAll;
    private final Entropy entropy;
    private final Clock clock;

    /** @param perMinute for one address, on this node; 100 times as many for all together */
    public Nonces(Statements statements, int perMinute, Entropy entropy, Clock clock) {
        this.statements = statements;
        this.perMinute = perMinute;
        this.given = new Windows(WINDOW, REMEMBERED, clock);
        this.givenToAll = new Windows(WINDOW, 1, clock);
        this.entropy = entropy;
        this.clock = clock;
    }

    /**
     * A new one: 43 characters, good for 20 seconds.
     *
     * @param address of who asks, in digits
     * @throws ProtocolException {@code slow_down} with the time to wait
     */
    public String give(String address) {
        count(address);
        var nonce = entropy.token();
        statements.update(GIVE, statement -> {
            statement.setBytes(1, hash(nonce));
            statement.setObject(2, now().plus(VALIDITY));
        });
        return nonce;
    }

    /**
     * Counts as one what makes work for anybody without one.
     *
     * @throws ProtocolException {@code slow_down} with the time to wait
     */
    public void count(String address) {
        limit(given, ClientAddress.network(address), perMinute);
        limit(givenToAll, ALL, perMinute * NETWORKS);
    }

    private static void limit(Windows windows, String name, int most) {
        if (windows.add(name) > most) {
            throw ProtocolException.retryAfter(
                    OAuth2Error.SLOW_DOWN, "Too many nonces; try again later", windows.remaining(name));
        }
    }

    /** @return whether it was given, has not expired and was not taken before */
    public boolean take(String nonce) {
        return statements.update(TAKE, statement -> {
                    statement.setBytes(1, hash(nonce));
                    statement.setObject(2, now());
                })
                > 0;
    }

    /** The chore: forgets those that have expired. */
    public void purge() {
        Batches.delete(statements, "nonce", "expires_at", clock.instant());
    }

    private OffsetDateTime now() {
        return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static byte[] hash(String nonce) {
        return DigestUtils.sha256(nonce.getBytes(StandardCharsets.UTF_8));
    }
}
