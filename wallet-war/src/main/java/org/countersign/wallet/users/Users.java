package org.countersign.wallet.users;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.WalletFor;
import org.hibernate.exception.GenericJDBCException;

/** Table {@code wallet_user}, as operators see it. */
public final class Users {

    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String CHANGED = "with changed as (";
    private static final String ENDED = " returning 1), ended as (delete from wallet_token where user_id = ?"
            + " and exists (select from changed)) select count(*) from changed";

    private final Statements statements;
    private final SecretHash hashes;
    private final URI issuer;
    private final Duration validity;
    private final Entropy entropy;
    private final Clock clock;

    /** @param validity of invitations */
    public Users(
            Statements statements, SecretHash hashes, URI issuer, Duration validity, Entropy entropy, Clock clock) {
        this.statements = statements;
        this.hashes = hashes;
        this.issuer = issuer;
        this.validity = validity;
        this.entropy = entropy;
        this.clock = clock;
    }

    /**
     * An invitation, told once.
     *
     * @param link {@code configuration://?login=…&password=…&wallet-provider=…}, percent-encoded
     */
    record Invitation(String link, Instant expiresAt) {

        /** Leaves the link out: the password is in it. */
        @Override
        public String toString() {
            return "an invitation until " + expiresAt;
        }
    }

    /** @throws ProtocolException {@code conflict} when there is one of this login, {@code not_found} without the organisation */
    User add(UUID organisation, Login login, WalletFor walletFor) {
        var id = entropy.uuid();
        try {
            int added = statements.update(
                    "insert into wallet_user (id, organisation_id, login, wallet_for, created_at) values (?, ?, ?, ?, ?)"
                            + " on conflict (login) do nothing",
                    statement -> {
                        statement.setObject(1, id);
                        statement.setObject(2, organisation);
                        statement.setString(3, login.text());
                        statement.setString(4, walletFor.text());
                        statement.setObject(5, utc(clock.instant()));
                    });
            if (added == 0) {
                throw new ProtocolException(WalletError.CONFLICT, "The user already exists");
            }
        } catch (GenericJDBCException failure) {
            if (failure.getCause() instanceof SQLException sql && FOREIGN_KEY_VIOLATION.equals(sql.getSQLState())) {
                throw new ProtocolException(OAuth2Error.NOT_FOUND, "The organisation was not found");
            }
            throw failure;
        }
        return require(id);
    }

    /** @throws ProtocolException {@code not_found} */
    User require(UUID id) {
        return statements
                .first(User.SELECT + "where u.id = ?", statement -> statement.setObject(1, id), User::read)
                .orElseThrow(() -> new ProtocolException(OAuth2Error.NOT_FOUND, "The user was not found"));
    }

    /** By login. */
    List<User> list(Page page) {
        return statements.all(
                User.SELECT + "order by u.login offset ? limit ?",
                statement -> {
                    statement.setInt(1, page.first());
                    statement.setInt(2, page.size());
                },
                User::read);
    }

    /**
     * A new invitation, in place of one not used. The wallet in use stays so until this one is accepted.
     *
     * @throws ProtocolException {@code not_found}
     */
    Invitation invite(UUID id) {
        var user = require(id);
        var password = entropy.token();
        var expiry = clock.instant().plus(validity);
        var hash = hashes.hash(password);
        statements.update(
                "update wallet_user set invitation_hash = ?, invitation_expires_at = ?, invitation_failures = 0 where id = ?",
                statement -> {
                    statement.setString(1, hash);
                    statement.setObject(2, utc(expiry));
                    statement.setObject(3, id);
                });
        return new Invitation(
                "configuration://?login=" + encoded(user.login().text()) + "&password=" + encoded(password)
                        + "&wallet-provider=" + encoded(issuer.toString()),
                expiry);
    }

    /**
     * Nothing of theirs is accepted from now on, tokens in use included.
     *
     * @throws ProtocolException {@code conflict} when they are blocked already
     */
    void block(UUID id) {
        end(
                "update wallet_user set blocked_at = ? where id = ? and blocked_at is null",
                id,
                "The user is blocked already");
    }

    /**
     * Tokens of before stay without effect.
     *
     * @throws ProtocolException {@code conflict} when they are not blocked
     */
    void unblock(UUID id) {
        resume(
                "update wallet_user set blocked_at = null where id = ? and blocked_at is not null",
                id,
                "The user is not blocked");
    }

    /**
     * Sets the count of wrong PINs back. Tokens of before stay without effect.
     *
     * @throws ProtocolException {@code conflict} without a wallet in use or wrong PINs
     */
    void unlock(UUID id) {
        resume(
                "update wallet set pin_failures = 0 where user_id = ? and revoked_at is null and pin_failures > 0",
                id,
                "There is no wallet with wrong PINs");
    }

    /**
     * Ends the wallet in use for ever.
     *
     * @throws ProtocolException {@code conflict} without one
     */
    void revokeWallet(UUID id) {
        end("update wallet set revoked_at = ? where user_id = ? and revoked_at is null", id, "The user has no wallet");
    }

    private void end(String sql, UUID id, String otherwise) {
        requireEffect(
                statements.update(sql, statement -> {
                    statement.setObject(1, utc(clock.instant()));
                    statement.setObject(2, id);
                }),
                otherwise);
    }

    /** Together with the end of the user's tokens, which would count again otherwise. */
    private void resume(String sql, UUID id, String otherwise) {
        int changed = statements
                .first(
                        CHANGED + sql + ENDED,
                        statement -> {
                            statement.setObject(1, id);
                            statement.setObject(2, id);
                        },
                        row -> row.getInt(1))
                .orElseThrow();
        requireEffect(changed, otherwise);
    }

    private static void requireEffect(int rows, String otherwise) {
        if (rows == 0) {
            throw new ProtocolException(WalletError.CONFLICT, otherwise);
        }
    }

    private static OffsetDateTime utc(Instant time) {
        return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
