package org.countersign.wallet.users;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.WalletError;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.WalletFor;
import org.hibernate.Session;
import org.hibernate.exception.GenericJDBCException;

/** Table {@code wallet_user}, as operators see it. */
public final class Users {

    private static final String CHANGED = "with changed as (";
    private static final String ENDED = " returning 1), ended as (delete from wallet_token where user_id = ?"
            + " and exists (select from changed)) select count(*) from changed";

    private static final String REMOVE =
            "update wallet_user set login = :placeholder, external_id = null, provisioned = null, invitation_hash = null,"
                    + " invitation_expires_at = null, blocked_at = coalesce(blocked_at, :now), removed_at = :now"
                    + " where id = :id and removed_at is null";
    /** The public keys stay: nobody but their holder can tell whose they are. */
    private static final String FORGET_WALLETS = "update wallet set revoked_at = coalesce(revoked_at, :now),"
            + " sealed_pin = '', key_attestation = '', key_type = null, user_authentication = null, key_origin = null,"
            + " password_hash = null where user_id = :id";

    /** Rows that a chore changes in one statement. */
    private static final int AT_ONCE = 1_000;

    /** What older versions do not know of, and so leave when they remove a user or end a wallet. Indexes have nothing but such rows. */
    private static final List<String> FORGET_REST = List.of(
            "update wallet_user set external_id = null, provisioned = null where id = any(array(select id from wallet_user"
                    + " where removed_at is not null and (external_id is not null or provisioned is not null)"
                    + " limit " + AT_ONCE + " for update skip locked))",
            "update wallet set password_hash = null where id = any(array(select id from wallet"
                    + " where revoked_at is not null and password_hash is not null limit " + AT_ONCE
                    + " for update skip locked))");

    private static final String END_TOKENS = "delete from wallet_token where user_id = :id";
    private static final String IMPORT = "insert into wallet_user (id, organisation_id, login, wallet_for, created_at)"
            + " select id, ?, login, wallet_for, ? from unnest(?, ?, ?) as imported (id, login, wallet_for)"
            // Two files of the same logins would wait for each other otherwise.
            + " order by login";

    private final Database database;
    private final Statements statements;
    private final SecretHash hashes;
    private final URI issuer;
    private final Duration validity;
    private final Entropy entropy;
    private final Clock clock;

    /** @param validity of invitations */
    public Users(Database database, SecretHash hashes, URI issuer, Duration validity, Entropy entropy, Clock clock) {
        this.database = database;
        this.statements = database.statements();
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
            if (Statements.breaksForeignKey(failure)) {
                throw organisationNotFound();
            }
            throw failure;
        }
        return require(id);
    }

    /**
     * All of them, or none.
     *
     * @throws ProtocolException {@code not_found} without the organisation, {@code conflict} when there is one of these logins
     */
    void addAll(UUID organisation, List<UserFile.Line> users) {
        try {
            statements.update(IMPORT, statement -> {
                var connection = statement.getConnection();
                statement.setObject(1, organisation);
                statement.setObject(2, utc(clock.instant()));
                statement.setArray(
                        3,
                        connection.createArrayOf(
                                "uuid",
                                users.stream().map(user -> entropy.uuid()).toArray()));
                statement.setArray(
                        4,
                        connection.createArrayOf(
                                "text",
                                users.stream().map(user -> user.login().text()).toArray()));
                statement.setArray(
                        5,
                        connection.createArrayOf(
                                "text",
                                users.stream()
                                        .map(user -> user.walletFor().text())
                                        .toArray()));
            });
        } catch (GenericJDBCException failure) {
            if (Statements.breaksForeignKey(failure)) {
                throw organisationNotFound();
            }
            if (Statements.breaksUnique(failure)) {
                throw new ProtocolException(WalletError.CONFLICT, "A user of the file was added at this moment");
            }
            throw failure;
        }
    }

    /** Which of these logins somebody has. */
    Set<String> taken(List<Login> logins) {
        return Set.copyOf(statements.all(
                "select login from wallet_user where login = any(?)",
                statement -> statement.setArray(
                        1,
                        statement
                                .getConnection()
                                .createArrayOf(
                                        "text", logins.stream().map(Login::text).toArray())),
                row -> row.getString(1)));
    }

    private static ProtocolException organisationNotFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The organisation was not found");
    }

    /**
     * For ever: nothing of theirs is accepted, what they sent is forgotten, their wallets are revoked, and their login is free for
     * somebody else. The user's row is changed first, so that a wallet which begins at this moment is seen, or does not begin.
     *
     * @throws ProtocolException {@code not_found}
     */
    public void remove(UUID id) {
        if (!database.sessions().fromTransaction(session -> remove(session, id))) {
            throw notFound();
        }
    }

    /**
     * The same in a transaction of the caller's.
     *
     * @return whether there was one
     */
    public boolean remove(Session session, UUID id) {
        var now = clock.instant();
        int changed = session.createNativeMutationQuery(REMOVE)
                .setParameter("placeholder", "removed " + id)
                .setParameter("now", now)
                .setParameter("id", id)
                .executeUpdate();
        if (changed > 0) {
            session.createNativeMutationQuery(FORGET_WALLETS)
                    .setParameter("now", now)
                    .setParameter("id", id)
                    .executeUpdate();
            endTokens(session, id);
        }
        return changed > 0;
    }

    /**
     * The chore: forgets what a directory said of users who were removed since, and passwords by which wallets went on that were
     * revoked, as far as that is still there.
     */
    public void forgetRest() {
        for (var forget : FORGET_REST) {
            int forgotten;
            do {
                forgotten = statements.update(forget, statement -> {});
            } while (forgotten == AT_ONCE);
        }
    }

    /** All that a user has. */
    public static void endTokens(Session session, UUID id) {
        session.createNativeMutationQuery(END_TOKENS).setParameter("id", id).executeUpdate();
    }

    /** @throws ProtocolException {@code not_found} */
    User require(UUID id) {
        return statements
                .first(
                        User.SELECT + "where u.removed_at is null and u.id = ?",
                        statement -> statement.setObject(1, id),
                        User::read)
                .orElseThrow(Users::notFound);
    }

    private static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The user was not found");
    }

    /** By login. */
    List<User> list(Filter filter, Page page) {
        return statements.all(
                User.SELECT + filter.where() + " order by u.login limit ? offset ?",
                statement -> filter.bind(statement, page),
                User::read);
    }

    /**
     * A new invitation, in place of one not used. The wallet in use stays so until this one is accepted.
     *
     * @throws ProtocolException {@code not_found}; {@code conflict} when their login changed at this moment: the link has it
     */
    Invitation invite(UUID id) {
        var user = require(id);
        var password = entropy.token();
        var expiry = clock.instant().plus(validity);
        var hash = hashes.hash(password);
        int invited = statements.update(
                "update wallet_user set invitation_hash = ?, invitation_expires_at = ?, invitation_failures = 0"
                        + " where id = ? and removed_at is null and login = ?",
                statement -> {
                    statement.setString(1, hash);
                    statement.setObject(2, utc(expiry));
                    statement.setObject(3, id);
                    statement.setString(4, user.login().text());
                });
        requireEffect(invited, "The user was changed at this moment");
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
    public void block(UUID id) {
        end(
                "update wallet_user set blocked_at = ? where id = ? and blocked_at is null and removed_at is null",
                id,
                "The user is blocked already");
    }

    /**
     * Tokens of before stay without effect.
     *
     * @throws ProtocolException {@code conflict} when they are not blocked
     */
    public void unblock(UUID id) {
        resume(
                "update wallet_user set blocked_at = null where id = ? and blocked_at is not null"
                        + " and removed_at is null",
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
        end(
                "update wallet set revoked_at = ?, password_hash = null where user_id = ? and revoked_at is null",
                id,
                "The user has no wallet");
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
