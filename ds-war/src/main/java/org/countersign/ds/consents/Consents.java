package org.countersign.ds.consents;

import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.DsError;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.HashAlgorithm;
import org.countersign.server.persistence.Statements;

/** Consents in the database. Both the token and the code word are kept as their SHA-256: each has 128 random bits or more. */
public final class Consents {

    private static final Duration KEPT = Duration.ofDays(365);

    private final Statements statements;
    private final Entropy entropy;
    private final Clock clock;

    public Consents(Statements statements, Entropy entropy, Clock clock) {
        this.statements = statements;
        this.entropy = entropy;
        this.clock = clock;
    }

    /**
     * A consent that was given.
     *
     * @param agent JSON
     */
    record Consent(UUID id, String username, String agent, Instant expiresAt) {}

    /** @param token opaque; shown this once */
    record Given(UUID id, String token, Instant expiresAt) {}

    /**
     * For a device of the organisation that is not blocked.
     *
     * @throws ProtocolException {@code conflict} when the code word was used before; {@code not_found}, {@code device_blocked}
     */
    Given give(UUID organisation, UUID device, String codeWord, ConsentComponents who, String agent, Duration life) {
        requireDevice(organisation, device);
        var token = entropy.token();
        var id = entropy.uuid();
        var now = clock.instant();
        var expiresAt = now.plus(life);
        int added = statements.update(
                "insert into agent_consent (id, organisation, token_hash, code_word_hash, username, browser, origin,"
                        + " agent, given_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)"
                        + " on conflict (organisation, code_word_hash) do nothing",
                statement -> {
                    statement.setObject(1, id);
                    statement.setObject(2, organisation);
                    statement.setBytes(3, hash(token));
                    statement.setBytes(4, hash(codeWord));
                    statement.setString(5, who.username());
                    statement.setString(6, who.browser());
                    statement.setString(7, who.origin());
                    statement.setString(8, agent);
                    statement.setTimestamp(9, Timestamp.from(now));
                    statement.setTimestamp(10, Timestamp.from(expiresAt));
                });
        if (added == 0) {
            throw new ProtocolException(DsError.CONFLICT, "The code word was used before");
        }
        return new Given(id, token, expiresAt);
    }

    /**
     * The consent of a token, if it is good for browser and origin now, and its device is still there and not blocked.
     *
     * @param username compared when it is known
     */
    Optional<Consent> find(UUID organisation, String token, Optional<String> username, String browser, String origin) {
        return statements
                .first(
                        "select id, username, agent::text, expires_at from agent_consent where token_hash = ?"
                                + " and organisation = ? and browser = ? and origin = ? and expires_at > ?"
                                + " and exists (select 1 from device where device.id = (agent->>'deviceUuid')::uuid"
                                + " and device.organisation_id = organisation and blocked_at is null)",
                        statement -> {
                            statement.setBytes(1, hash(token));
                            statement.setObject(2, organisation);
                            statement.setString(3, browser);
                            statement.setString(4, origin);
                            statement.setTimestamp(5, Timestamp.from(clock.instant()));
                        },
                        row -> new Consent(
                                row.getObject(1, UUID.class),
                                row.getString(2),
                                row.getString(3),
                                row.getTimestamp(4).toInstant()))
                .filter(consent -> username.map(consent.username()::equals).orElse(true));
    }

    private void requireDevice(UUID organisation, UUID device) {
        boolean blocked = statements
                .first(
                        "select blocked_at is not null from device where id = ? and organisation_id = ?",
                        statement -> {
                            statement.setObject(1, device);
                            statement.setObject(2, organisation);
                        },
                        row -> row.getBoolean(1))
                .orElseThrow(() -> new ProtocolException(OAuth2Error.NOT_FOUND, "The device was not found"));
        if (blocked) {
            throw new ProtocolException(DsError.DEVICE_BLOCKED, "The device is blocked");
        }
    }

    /** Forgets what ended long ago; until then a code word is known as used. */
    public void purge() {
        statements.update(
                "delete from agent_consent where expires_at <= ?",
                statement ->
                        statement.setTimestamp(1, Timestamp.from(clock.instant().minus(KEPT))));
    }

    private static byte[] hash(String text) {
        return HashAlgorithm.SHA256.digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
