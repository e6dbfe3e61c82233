package org.countersign.wallet.certificates;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.persistence.Statements;

/**
 * Table {@code signing_key_chain}. Signing asks no database: the chains are read when the context starts, when an operator changes one here,
 * and by a chore, so that other nodes have a change within ten minutes.
 */
public final class KeyChains {

    /**
     * Of a chain as it is stored, in characters: 30 KiB of DER. The shipped app sends an attestation back, in which it grows by a third
     * again, and {@code ShippedAppResource} takes 64 Ki characters of that.
     */
    static final int LONGEST = 40_960;

    private static final String PUT = "insert into signing_key_chain (kid, certificates, not_before, not_after)"
            + " values (?, ?, ?, ?) on conflict (kid) do update set certificates = excluded.certificates,"
            + " not_before = excluded.not_before, not_after = excluded.not_after";

    /** A key is never in service again, nor has it a chain before it is. */
    private static final String FORGET =
            "delete from signing_key_chain where kid not in (select kid from signing_key where state <> 'retired')";

    private final Statements statements;
    private final Duration life;
    private final Clock clock;
    private volatile Map<String, Chain> chains;

    /** @param life of what is signed: a chain that would end before is not shown */
    public KeyChains(Statements statements, Duration life, Clock clock) {
        this.statements = statements;
        this.life = life;
        this.clock = clock;
        read();
    }

    /**
     * @param certificates DER in base64, the key's own first
     * @param notBefore the latest of the chain
     * @param notAfter the earliest of the chain
     */
    record Chain(String kid, List<String> certificates, Instant notBefore, Instant notAfter) {

        private static Chain read(ResultSet row) throws SQLException {
            return new Chain(
                    row.getString("kid"),
                    List.of(row.getString("certificates").split(" ")),
                    row.getTimestamp("not_before").toInstant(),
                    row.getTimestamp("not_after").toInstant());
        }
    }

    /** What is to be shown beside a signature of this key: nothing without a chain, or when that ends before what is signed. */
    public Optional<List<String>> of(String kid) {
        return Optional.ofNullable(chains.get(kid))
                .filter(chain -> isGood(chain.notBefore(), chain.notAfter()))
                .map(Chain::certificates);
    }

    private boolean isGood(Instant notBefore, Instant notAfter) {
        var now = clock.instant();
        return !now.isBefore(notBefore) && !now.plus(life).isAfter(notAfter);
    }

    /** As the database has them. */
    List<Chain> all() {
        return statements.all(
                "select kid, certificates, not_before, not_after from signing_key_chain order by not_after desc, kid",
                statement -> {},
                Chain::read);
    }

    /**
     * In place of another one of the same key. The root stays away: whoever trusts it has it.
     *
     * @param chain of two at least
     * @throws ProtocolException {@code invalid_request} for one that would not be shown
     */
    void put(String kid, CertificateChain chain) {
        if (!isGood(chain.notBefore(), chain.notAfter())) {
            throw ProtocolException.invalidRequest("The certificates end before what the key signs now");
        }
        var der = chain.der();
        var certificates = der.subList(0, der.size() - 1).stream()
                .map(Base64.getEncoder()::encodeToString)
                .collect(Collectors.joining(" "));
        if (certificates.length() > LONGEST) {
            throw ProtocolException.invalidRequest("The certificates without the root have more than 30 KiB");
        }
        statements.update(PUT, statement -> {
            statement.setString(1, kid);
            statement.setString(2, certificates);
            statement.setObject(3, utc(chain.notBefore()));
            statement.setObject(4, utc(chain.notAfter()));
        });
        read();
    }

    /** @return whether there was one */
    boolean remove(String kid) {
        int removed = statements.update(
                "delete from signing_key_chain where kid = ?", statement -> statement.setString(1, kid));
        read();
        return removed > 0;
    }

    /** The chore: what operators changed on other nodes. */
    public synchronized void read() {
        // Asked within, so that what was read before another's change does not replace what was read after it.
        chains = all().stream().collect(Collectors.toUnmodifiableMap(Chain::kid, Function.identity()));
    }

    /** The chore: chains of keys that sign no more. */
    public void forgetRetired() {
        if (statements.update(FORGET, statement -> {}) > 0) {
            read();
        }
    }

    private static OffsetDateTime utc(Instant time) {
        return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
