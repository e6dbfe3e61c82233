package org.countersign.wallet.statuslists;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.specification.TokenStatusList;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.persistence.Statements;

/**
 * Signs the status of wallets, a bit for each: 0 is valid, 1 invalid, which is for ever (Token Status List §4, §7). Wallets of users who
 * are blocked for a while, or whose PIN is locked, stay valid here.
 */
public final class StatusLists {

    /** How many wallets one list has. */
    static final int SIZE = 1 << 16;

    private static final Duration VALIDITY = Duration.ofHours(1);
    static final Duration FRESH = Duration.ofMinutes(1);

    private static final Pattern LIST = Pattern.compile("0|[1-9][0-9]{0,7}");
    /** The last place that was given, whether a wallet has it yet or not. */
    private static final String LAST = "select last_value from wallet_status_index_seq";

    private static final String REVOKED = "select (status_index - ?)::integer from wallet"
            + " where status_index >= ? and status_index < ? and revoked_at is not null";

    private final Statements statements;
    private final SigningKeys keys;
    private final URI issuer;
    private final Clock clock;
    /** There are few. */
    private final Map<Name, Signed> kept = new ConcurrentHashMap<>();

    public StatusLists(Statements statements, SigningKeys keys, URI issuer, Clock clock) {
        this.statements = statements;
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** @param number from 0 */
    private record Name(BitOrder order, long number) {}

    /** {@code status_list} of what is about a wallet (§6.1). */
    public Map<String, Object> reference(long statusIndex) {
        return reference(statusIndex, BitOrder.LEAST_FIRST);
    }

    /** The same, for those who read a list in this order. */
    public Map<String, Object> reference(long statusIndex, BitOrder order) {
        return Map.of("idx", statusIndex % SIZE, "uri", address(new Name(order, statusIndex / SIZE)));
    }

    /**
     * The other way round.
     *
     * @return nothing for what is no reference to a list of this provider in this order
     */
    public OptionalLong index(Object reference, BitOrder order) {
        var address = addresses(order);
        return reference instanceof Map<?, ?> named
                        && named.get("idx") instanceof Number index
                        && named.get("uri") instanceof String uri
                        && uri.startsWith(address)
                        && LIST.matcher(uri.substring(address.length())).matches()
                ? OptionalLong.of(Long.parseLong(uri.substring(address.length())) * SIZE + index.longValue())
                : OptionalLong.empty();
    }

    private record Signed(String text, Instant at) {

        boolean isFresh(Instant now) {
            return !now.isBefore(at) && now.isBefore(at.plus(FRESH));
        }
    }

    /**
     * Signed anew at most once a minute, or after a revocation on this node.
     *
     * @return a compact JWS; nothing when there is no such list
     */
    Optional<String> list(BitOrder order, long number) {
        var list = new Name(order, number);
        var known = kept.get(list);
        if (known == null || !known.isFresh(clock.instant())) {
            known = kept.compute(list, this::renew);
        }
        return Optional.ofNullable(known).map(Signed::text);
    }

    /** By one request; others wait for it. */
    private Signed renew(Name list, Signed known) {
        var now = clock.instant();
        if (known != null && known.isFresh(now)) {
            return known;
        }
        return sign(list, now).map(text -> new Signed(text, now)).orElse(null);
    }

    /** A wallet was revoked: the lists are signed anew. */
    public void forget() {
        kept.clear();
    }

    private Optional<String> sign(Name list, Instant at) {
        long last =
                statements.first(LAST, statement -> {}, row -> row.getLong(1)).orElseThrow();
        if (list.number() > last / SIZE) {
            return Optional.empty();
        }
        long begin = list.number() * SIZE;
        var revoked = statements.all(
                REVOKED,
                statement -> {
                    statement.setLong(1, begin);
                    statement.setLong(2, begin);
                    statement.setLong(3, begin + SIZE);
                },
                row -> row.getInt(1));
        long now = at.getEpochSecond();
        return Optional.of(keys.sign(
                TokenStatusList.TYPE,
                Map.of(
                        "iss", issuer.toString(),
                        "sub", address(list),
                        "iat", now,
                        "exp", now + VALIDITY.toSeconds(),
                        "ttl", FRESH.toSeconds(),
                        "status_list",
                                Map.of("bits", 1, "lst", Base64Url.encode(compress(bits(revoked, list.order())))))));
    }

    /** @param set their places */
    static byte[] bits(List<Integer> set, BitOrder order) {
        var bits = new byte[SIZE / Byte.SIZE];
        set.forEach(index -> bits[index / Byte.SIZE] |= order.bit(index % Byte.SIZE));
        return bits;
    }

    /** §4.1: DEFLATE in the ZLIB format. */
    static byte[] compress(byte[] bits) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION);
        var compressed = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(compressed, deflater)) {
            out.write(bits);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            deflater.end();
        }
        return compressed.toByteArray();
    }

    private String address(Name list) {
        return addresses(list.order()) + list.number();
    }

    private String addresses(BitOrder order) {
        return issuer + "/statuslists/" + order.path();
    }
}
