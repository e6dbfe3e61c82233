package org.countersign.wallet.companies;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.issuing.JwsAlgorithm;
import org.countersign.server.issuing.NewKey;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;
import org.countersign.wallet.organisations.CompanySignature.HeldKey;
import org.hibernate.exception.GenericJDBCException;

/** Table {@code company_key}, and the private keys in their vaults. Each is opened for one signature. */
public final class CompanyKeys {

    private static final int MOST_IN_A_DOCUMENT = 100;
    private static final String SELECT = "select " + CompanyKey.COLUMNS + " from company_key where organisation_id = ?";
    private static final String OPENS = "select id, vault, activation_salt from company_key"
            + " where organisation_id = ? and kid = ? and revoked_at is null";
    private static final String REVOKE = "update company_key set revoked_at = coalesce(revoked_at, ?)"
            + " where organisation_id = ? and kid = ? returning id, vault";

    private static final String TO_DESTROY =
            "select id, vault from company_key where revoked_at is not null and destroyed_at is null"
                    + " and vault = ? order by revoked_at limit 1000";
    private static final String IN_USE = "select distinct vault from company_key where destroyed_at is null";
    private static final System.Logger LOG = ContextLogger.of(CompanyKeys.class);

    private final Statements statements;
    private final CompanyVaults vaults;
    private final Clock clock;

    public CompanyKeys(Statements statements, CompanyVaults vaults, Clock clock) {
        this.statements = statements;
        this.vaults = vaults;
        this.clock = clock;
    }

    /**
     * A new one, on P-256.
     *
     * @throws ProtocolException {@code not_found} without the organisation
     */
    CompanyKey make(UUID organisation) {
        requireOrganisation(organisation);
        var vault = vaults.newKeys();
        var key = vaults.named(vault).make(JwsAlgorithm.ES256);
        // as the row will have it
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        try {
            add(organisation, vault, key, now);
        } catch (GenericJDBCException failure) {
            if (Statements.breaksForeignKey(failure)) {
                vaults.named(vault).destroy(key.id());
                throw noOrganisation();
            }
            // Its row may be there all the same.
            throw failure;
        }
        return new CompanyKey(key.kid(), key.jwk(), vault, now, Optional.empty());
    }

    /** Before a key is made in vain. */
    private void requireOrganisation(UUID id) {
        statements
                .first(
                        "select 1 from organisation where id = ?",
                        statement -> statement.setObject(1, id),
                        row -> row.getInt(1))
                .orElseThrow(CompanyKeys::noOrganisation);
    }

    private static ProtocolException noOrganisation() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The organisation was not found");
    }

    private void add(UUID organisation, String vault, NewKey key, Instant now) {
        statements.update(
                "insert into company_key (id, organisation_id, kid, jwk, vault, activation_salt, created_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?)",
                statement -> {
                    statement.setObject(1, key.id());
                    statement.setObject(2, organisation);
                    statement.setString(3, key.kid());
                    statement.setString(4, key.jwk());
                    statement.setString(5, vault);
                    statement.setBytes(6, key.activationSalt());
                    statement.setObject(7, utc(now));
                });
    }

    /** The newest first, revoked ones too. */
    List<CompanyKey> list(UUID organisation, Page page) {
        return statements.all(
                SELECT + " order by created_at desc, kid offset ? limit ?",
                statement -> {
                    statement.setObject(1, organisation);
                    statement.setInt(2, page.first());
                    statement.setInt(3, page.size());
                },
                CompanyKey::read);
    }

    /** Those that can sign, the newest first, as many as one document has. */
    List<CompanyKey> signing(UUID organisation) {
        return statements
                .all(
                        SELECT + " and revoked_at is null order by created_at desc, kid limit " + MOST_IN_A_DOCUMENT,
                        statement -> statement.setObject(1, organisation),
                        CompanyKey::read)
                .stream()
                .filter(key -> vaults.has(key.vault()))
                .toList();
    }

    /**
     * Lets a key sign no more. Its private half is there until {@link #destroy}.
     *
     * @return where that is
     * @throws ProtocolException {@code not_found} when the organisation has no such key
     */
    Kept revoke(UUID organisation, String kid) {
        if (!HeldKey.isKid(kid)) {
            throw notFound();
        }
        return statements
                .first(
                        REVOKE,
                        statement -> {
                            statement.setObject(1, utc(clock.instant()));
                            statement.setObject(2, organisation);
                            statement.setString(3, kid);
                        },
                        CompanyKeys::kept)
                .orElseThrow(CompanyKeys::notFound);
    }

    /** The chore: destroys what is left of revoked keys, vault by vault. One that is away is left alone until the next time. */
    public void destroyRevoked() {
        for (var vault : vaults.byName().keySet()) {
            statements.all(TO_DESTROY, statement -> statement.setString(1, vault), CompanyKeys::kept).stream()
                    .allMatch(this::destroy);
        }
    }

    /**
     * Destroys the private half of a revoked key.
     *
     * @return false when its vault is away or not configured; {@link #destroyRevoked} tries again
     */
    boolean destroy(Kept key) {
        try {
            vaults.named(key.vault()).destroy(key.id());
        } catch (RuntimeException away) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The vault {0} did not destroy the revoked key {1} of a company; it is asked again",
                    key.vault(),
                    key.id());
            LOG.log(System.Logger.Level.DEBUG, "Why not", away);
            return false;
        }
        statements.update("update company_key set destroyed_at = ? where id = ?", statement -> {
            statement.setObject(1, utc(clock.instant()));
            statement.setObject(2, key.id());
        });
        return true;
    }

    /** Keys that are in vaults which the configuration has not are told of in the log. */
    public void warnOfMissingVaults() {
        statements.all(IN_USE, statement -> {}, row -> row.getString(1)).stream()
                .filter(vault -> !vaults.has(vault))
                .forEach(vault -> LOG.log(
                        System.Logger.Level.WARNING,
                        "Companies have keys in the vault {0}, which is not configured: they sign nothing, and are not destroyed",
                        vault));
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(row.getObject("id", UUID.class), row.getString("vault"));
    }

    /** Where the private key is. */
    record Kept(UUID id, String vault) {}

    /** What opens the private key. */
    private record Opens(Kept kept, byte[] salt) {}

    /**
     * Signs a digest as it is.
     *
     * @param digest SHA-256: 32 bytes
     * @return 64 bytes, as a JWS has them (RFC 7518 §3.4); nothing when the organisation has no such key, or it was revoked
     */
    Optional<byte[]> sign(UUID organisation, String kid, byte[] digest) {
        if (!HeldKey.isKid(kid)) {
            return Optional.empty();
        }
        return opens(organisation, kid).flatMap(key -> {
            try (var open = vaults.named(key.kept().vault()).open(key.kept().id(), key.salt())) {
                return Optional.of(JwsAlgorithm.ES256.sign(open, digest));
            } catch (KeyNotOpenedException gone) {
                if (opens(organisation, kid).isEmpty()) {
                    // It was revoked since its row was read.
                    return Optional.empty();
                }
                throw gone;
            }
        });
    }

    private Optional<Opens> opens(UUID organisation, String kid) {
        return statements.first(
                OPENS,
                statement -> {
                    statement.setObject(1, organisation);
                    statement.setString(2, kid);
                },
                row -> new Opens(kept(row), row.getBytes("activation_salt")));
    }

    static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The organisation has no such key");
    }

    private static OffsetDateTime utc(Instant time) {
        return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
