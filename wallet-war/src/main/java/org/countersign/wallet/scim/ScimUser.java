package org.countersign.wallet.scim;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.wallet.organisations.Login;

/**
 * A user as their company's directory sees them.
 *
 * @param stored its attributes as the database has them, or null
 * @param changedAt by the directory, or when they were blocked
 */
record ScimUser(UUID id, Content content, String stored, Instant createdAt, Instant changedAt) {

    static final String COLUMNS =
            "u.id, u.login, u.external_id, u.provisioned, u.blocked_at, u.created_at, u.provisioned_at";

    private static final int VERSION_CHARACTERS = 32;

    /**
     * What a directory may change.
     *
     * @param externalId the directory's own, if it has one
     * @param active whether something of theirs is accepted: they are not blocked
     */
    record Content(Login login, Optional<String> externalId, boolean active, ScimAttributes attributes) {

        Content withActive(boolean other) {
            return new Content(login, externalId, other, attributes);
        }

        Content withLogin(Login other) {
            return new Content(other, externalId, active, attributes);
        }

        Content withExternalId(Optional<String> other) {
            return new Content(login, other, active, attributes);
        }

        Content with(ScimAttributes others) {
            return new Content(login, externalId, active, others);
        }
    }

    /** Weak (RFC 7644 §3.14): whatever changed it, operators too, what is told of it has this version again. */
    String version() {
        return "W/\""
                + DigestUtils.sha256Hex(id + "\n" + content.login().text() + "\n"
                                + content.externalId().orElse("") + "\n" + content.active() + "\n"
                                + content.attributes().stored())
                        .substring(0, VERSION_CHARACTERS)
                + "\"";
    }

    static ScimUser read(ResultSet row) throws SQLException {
        var created = row.getTimestamp("created_at").toInstant();
        var changed = Stream.of(row.getTimestamp("provisioned_at"), row.getTimestamp("blocked_at"))
                .filter(Objects::nonNull)
                .map(Timestamp::toInstant)
                .max(Instant::compareTo)
                .orElse(created);
        return new ScimUser(
                row.getObject("id", UUID.class),
                new Content(
                        new Login(row.getString("login")),
                        Optional.ofNullable(row.getString("external_id")),
                        row.getTimestamp("blocked_at") == null,
                        ScimAttributes.read(row.getString("provisioned"))),
                row.getString("provisioned"),
                created,
                changed);
    }
}
