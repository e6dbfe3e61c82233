package org.countersign.ds.devices;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;

/** Registration keys. A key has 256 random bits, so its SHA-256 is enough to store. */
public final class RegistrationKeys {

    private static final String ADD = "insert into registration_key"
            + " (id, organisation_id, name, key_hash, maximum_uses, created_at, expires_at)"
            + " select ?, id, ?, ?, ?, ?, ? from organisation where id = ?";
    private static final String USE = "update registration_key set uses = uses + 1 where key_hash = ?"
            + " and revoked_at is null and (expires_at is null or expires_at > ?)"
            + " and (maximum_uses is null or uses < maximum_uses) returning id, organisation_id";
    private static final String REFUSE =
            "update registration_key set refused = refused + 1 where key_hash = ? returning id";
    private static final String REVOKE =
            "update registration_key set revoked_at = ? where id = ? and revoked_at is null";

    private final Statements statements;
    private final Entropy entropy;
    private final Clock clock;

    public RegistrationKeys(Statements statements, Entropy entropy, Clock clock) {
        this.statements = statements;
        this.entropy = entropy;
        this.clock = clock;
    }

    /** @param secret known to nobody else from here on */
    record Created(RegistrationKey key, String secret) {

        @Override
        public String toString() {
            return "the new registration key " + key.id();
        }
    }

    /** A key that was used. */
    record Used(UUID id, UUID organisation) {}

    /** @throws ProtocolException {@code not_found} without such an organisation */
    Created add(UUID organisation, String name, Integer maximumUses, Instant expiresAt) {
        var secret = entropy.token();
        var id = entropy.uuid();
        var now = clock.instant();
        int added = statements.update(ADD, statement -> {
            statement.setObject(1, id);
            statement.setString(2, name);
            statement.setBytes(3, hash(secret));
            statement.setObject(4, maximumUses, Types.INTEGER);
            statement.setObject(5, now.atOffset(ZoneOffset.UTC));
            statement.setObject(
                    6, expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(7, organisation);
        });
        if (added == 0) {
            throw new ProtocolException(OAuth2Error.NOT_FOUND, "The organisation was not found");
        }
        return new Created(find(id), secret);
    }

    /** The newest first. */
    List<RegistrationKey> list(Filter filter, Page page) {
        return statements.all(
                "select " + RegistrationKey.COLUMNS + " from registration_key" + filter.where()
                        + " order by created_at desc, id limit ? offset ?",
                statement -> filter.bind(statement, page),
                RegistrationKey::read);
    }

    /** @throws ProtocolException {@code not_found} */
    RegistrationKey find(UUID id) {
        return statements
                .first(
                        "select " + RegistrationKey.COLUMNS + " from registration_key where id = ?",
                        statement -> statement.setObject(1, id),
                        RegistrationKey::read)
                .orElseThrow(() -> new ProtocolException(OAuth2Error.NOT_FOUND, "The registration key was not found"));
    }

    /** @return whether this call did it */
    boolean revoke(UUID id) {
        return statements.update(REVOKE, statement -> {
                    statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                    statement.setObject(2, id);
                })
                > 0;
    }

    /** Counts a use, if it is good for one more: one statement decides, whatever nodes do at once. */
    Optional<Used> use(Connection connection, String secret) throws SQLException {
        try (var statement = connection.prepareStatement(USE)) {
            statement.setBytes(1, hash(secret));
            statement.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            try (var row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Used(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                        : Optional.empty();
            }
        }
    }

    /** Counts that it was refused. @return which one it is, if any */
    Optional<UUID> refuse(String secret) {
        return statements.first(
                REFUSE, statement -> statement.setBytes(1, hash(secret)), row -> row.getObject(1, UUID.class));
    }

    private static byte[] hash(String secret) {
        return DigestUtils.sha256(secret.getBytes(StandardCharsets.UTF_8));
    }
}
