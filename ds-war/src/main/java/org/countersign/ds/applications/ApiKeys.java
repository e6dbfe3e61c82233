package org.countersign.ds.applications;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.DsError;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.persistence.Statements;

/**
 * The API keys of applications: table {@code api_key}. A key is {@code cs_} and 256 random bits in base64url; its SHA-256
 * is kept and looked up each time, so every node sees a revocation at once.
 */
public final class ApiKeys {

    /** A key just made; it is shown here and nowhere else. */
    record Made(UUID id, String key, String prefix, Instant createdAt) {

        @Override
        public String toString() {
            return "API key " + prefix;
        }
    }

    /** A key that was found, and whose it is. */
    record Found(ApiKey key, Application application) {}

    private static final Pattern FORM = Pattern.compile("cs_[A-Za-z0-9_-]{43}");
    private static final String BEGINNING = "cs_";
    private static final int PREFIX = 9;
    private static final Duration USE_IS_NOTED_EVERY = Duration.ofMinutes(1);

    private static final String INSERT = "insert into api_key (id, key_hash, prefix, created_at, application_id) ";
    private static final String ADD = INSERT + "values (?, ?, ?, ?, ?)";
    private static final String REPLACE = "with old as (update api_key set replaced_at = ?,"
            + " expires_at = least(expires_at, ?) where id = ? and application_id = ? and revoked_at is null"
            + " and replaced_at is null and (expires_at is null or expires_at > ?) returning application_id) "
            + INSERT + "select ?, ?, ?, ?, application_id from old";
    private static final String LIST =
            "select " + ApiKey.COLUMNS + " from api_key where application_id = ? order by created_at desc, id";
    private static final String FIND = "select " + ApiKey.COLUMNS + ", " + Application.COLUMNS
            + " from api_key join application on application.id = application_id where key_hash = ?";
    private static final String EXISTS = "select 1 from api_key where id = ? and application_id = ?";
    private static final String REVOKE =
            "update api_key set revoked_at = coalesce(revoked_at, ?)" + " where id = ? and application_id = ?";
    private static final String USED = "update api_key set last_used_at = ? where id = ?";

    private final Statements statements;
    private final Entropy entropy;
    private final Clock clock;

    public ApiKeys(Statements statements, Entropy entropy, Clock clock) {
        this.statements = statements;
        this.entropy = entropy;
        this.clock = clock;
    }

    /** Whether it could be an API key at all. */
    public static boolean isWellFormed(String key) {
        return key != null && FORM.matcher(key).matches();
    }

    Made add(UUID applicationId) {
        var made = make();
        statements.update(ADD, statement -> statement.setObject(bind(statement, 1, made), applicationId));
        return made;
    }

    /**
     * Makes a new key in place of another one, which ends after a while.
     *
     * @throws ProtocolException {@code not_found}; {@code conflict} when the other one has ended or is replaced already
     */
    Made replace(UUID applicationId, UUID keyId, Duration overlap) {
        var made = make();
        var now = Timestamp.from(made.createdAt());
        int added = statements.update(REPLACE, statement -> {
            statement.setTimestamp(1, now);
            statement.setTimestamp(2, Timestamp.from(made.createdAt().plus(overlap)));
            statement.setObject(3, keyId);
            statement.setObject(4, applicationId);
            statement.setTimestamp(5, now);
            bind(statement, 6, made);
        });
        if (added == 0) {
            require(applicationId, keyId);
            throw new ProtocolException(DsError.CONFLICT, "The API key has ended or is replaced already");
        }
        return made;
    }

    private Made make() {
        var key = BEGINNING + entropy.token();
        return new Made(entropy.uuid(), key, key.substring(0, PREFIX), clock.instant());
    }

    private static int bind(PreparedStatement statement, int first, Made made) throws SQLException {
        int index = first;
        statement.setObject(index++, made.id());
        statement.setBytes(index++, hash(made.key()));
        statement.setString(index++, made.prefix());
        statement.setTimestamp(index++, Timestamp.from(made.createdAt()));
        return index;
    }

    /** The newest first. */
    List<ApiKey> list(UUID applicationId) {
        return statements.all(LIST, statement -> statement.setObject(1, applicationId), ApiKey::read);
    }

    /** From now on; a key that was revoked before stays so. */
    void revoke(UUID applicationId, UUID keyId) {
        int revoked = statements.update(REVOKE, statement -> {
            statement.setTimestamp(1, Timestamp.from(clock.instant()));
            statement.setObject(2, keyId);
            statement.setObject(3, applicationId);
        });
        if (revoked == 0) {
            throw notFound();
        }
    }

    /** A key that works now. */
    Optional<Found> find(String key) {
        if (!isWellFormed(key)) {
            return Optional.empty();
        }
        return statements
                .first(
                        FIND,
                        statement -> statement.setBytes(1, hash(key)),
                        row -> new Found(ApiKey.read(row), Application.read(row)))
                .filter(found -> found.key().isLive(clock.instant()));
    }

    /** Notes the use, to the minute. */
    void used(ApiKey key) {
        var now = clock.instant();
        if (key.lastUsedAt()
                .map(last -> last.plus(USE_IS_NOTED_EVERY).isAfter(now))
                .orElse(false)) {
            return;
        }
        statements.update(USED, statement -> {
            statement.setTimestamp(1, Timestamp.from(now));
            statement.setObject(2, key.id());
        });
    }

    private void require(UUID applicationId, UUID keyId) {
        statements
                .first(
                        EXISTS,
                        statement -> {
                            statement.setObject(1, keyId);
                            statement.setObject(2, applicationId);
                        },
                        row -> keyId)
                .orElseThrow(ApiKeys::notFound);
    }

    private static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The API key was not found");
    }

    private static byte[] hash(String key) {
        return DigestUtils.sha256(key.getBytes(StandardCharsets.US_ASCII));
    }
}
