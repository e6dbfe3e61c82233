package org.countersign.wallet.scim;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.ScimError;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.wallet.organisations.WalletFor;
import org.countersign.wallet.users.Users;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.query.CommonQueryContract;

/** Table {@code wallet_user}, as a company's directory sees its own. Who it says is inactive is blocked as operators block. */
public final class ScimUsers {

    private static final String SELECT = "select " + ScimUser.COLUMNS + " from wallet_user u";
    private static final String OF_ORGANISATION = " where u.id = ? and u.organisation_id = ? and u.removed_at is null";
    private static final String ADD = "insert into wallet_user (id, organisation_id, login, wallet_for, external_id,"
            + " provisioned, blocked_at, created_at, provisioned_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " on conflict (login) do nothing";
    /** What was read is a condition: nobody changed it since. */
    private static final String UNCHANGED = " where id = :id and organisation_id = :organisation and removed_at is null"
            + " and login = :formerLogin and external_id is not distinct from :formerExternal"
            + " and provisioned is not distinct from :formerProvisioned and (blocked_at is null) = :formerActive";
    /** An invitation's link has the login in it: with another one it is none. */
    private static final String CHANGE = "update wallet_user set login = :login, external_id = :external,"
            + " provisioned = :provisioned, provisioned_at = :now,"
            + " blocked_at = case when :active then null else coalesce(blocked_at, :now) end,"
            + " invitation_hash = case when login = :login then invitation_hash end,"
            + " invitation_expires_at = case when login = :login then invitation_expires_at end" + UNCHANGED;

    private static final String LOCK = "select 1 from wallet_user" + UNCHANGED + " for update";

    private final Database database;
    private final Statements statements;
    private final Users users;
    private final Entropy entropy;
    private final Clock clock;

    public ScimUsers(Database database, Users users, Entropy entropy, Clock clock) {
        this.database = database;
        this.statements = database.statements();
        this.users = users;
        this.entropy = entropy;
        this.clock = clock;
    }

    /** @throws ProtocolException {@code not_found} */
    void requireOrganisation(UUID organisation) {
        statements
                .first(
                        "select 1 from organisation where id = ?",
                        statement -> statement.setObject(1, organisation),
                        row -> row.getInt(1))
                .orElseThrow(() -> new ProtocolException(OAuth2Error.NOT_FOUND, "The organisation was not found"));
    }

    /** @throws ProtocolException {@code not_found} when the organisation has no such user */
    ScimUser require(UUID organisation, UUID id) {
        return statements
                .first(
                        SELECT + OF_ORGANISATION,
                        statement -> {
                            statement.setObject(1, id);
                            statement.setObject(2, organisation);
                        },
                        ScimUser::read)
                .orElseThrow(ScimUsers::notFound);
    }

    /** By login. */
    List<ScimUser> list(Filter filter, long offset, int count) {
        return statements.all(
                SELECT + filter.where() + " order by u.login limit " + count + " offset " + offset,
                filter::bind,
                ScimUser::read);
    }

    long count(Filter filter) {
        return statements
                .first("select count(*) from wallet_user u" + filter.where(), filter::bind, row -> row.getLong(1))
                .orElseThrow();
    }

    /** @throws ProtocolException {@code uniqueness} when there is one of this login; {@code invalidValue} for guests */
    ScimUser add(UUID organisation, ScimUser.Content content) {
        if (content.login().isGuest()) {
            throw ScimAttributes.invalid("A directory has no guests");
        }
        requireOrganisation(organisation);
        var id = entropy.uuid();
        var now = now();
        int added = statements.update(ADD, statement -> {
            statement.setObject(1, id);
            statement.setObject(2, organisation);
            statement.setString(3, content.login().text());
            statement.setString(4, WalletFor.NP.text());
            statement.setString(5, content.externalId().orElse(null));
            statement.setString(6, content.attributes().stored());
            statement.setObject(7, content.active() ? null : now);
            statement.setObject(8, now);
            statement.setObject(9, now);
        });
        if (added == 0) {
            throw taken();
        }
        return require(organisation, id);
    }

    /**
     * Changes one.
     *
     * @param expected version that it must have, if any
     * @throws ProtocolException {@code not_found}; 412 with another version; {@code uniqueness}
     */
    Change change(UUID organisation, UUID id, Optional<String> expected, UnaryOperator<ScimUser.Content> change) {
        var before = require(organisation, id);
        requireVersion(before, expected);
        var after = change.apply(before.content());
        if (after.login().isGuest() != before.content().login().isGuest()) {
            throw ScimAttributes.invalid("Nobody becomes a guest, or ceases to be one");
        }
        if (after.equals(before.content())) {
            return new Change(before, before);
        }
        var now = now();
        store(organisation, before, after, now);
        // not read again: what is told of it is audited in any case
        var changed = new ScimUser(id, after, after.attributes().stored(), before.createdAt(), now.toInstant());
        return new Change(before, changed);
    }

    /** One that was made. */
    record Change(ScimUser before, ScimUser after) {

        boolean blocked() {
            return before.content().active() && !after.content().active();
        }

        boolean unblocked() {
            return !before.content().active() && after.content().active();
        }
    }

    /** As a whole. Tokens of somebody who was blocked would count again otherwise. */
    private void store(UUID organisation, ScimUser before, ScimUser.Content after, OffsetDateTime now) {
        try {
            boolean stored = database.sessions().fromTransaction(session -> {
                var change = session.createNativeMutationQuery(CHANGE)
                        .setParameter("login", after.login().text())
                        .setParameter("external", after.externalId().orElse(null), String.class)
                        .setParameter("provisioned", after.attributes().stored())
                        .setParameter("active", after.active())
                        .setParameter("now", now);
                bind(change, organisation, before);
                int changed = change.executeUpdate();
                if (changed > 0 && after.active() && !before.content().active()) {
                    Users.endTokens(session, before.id());
                }
                return changed > 0;
            });
            if (!stored) {
                throw precondition();
            }
        } catch (ConstraintViolationException taken) {
            throw taken();
        }
    }

    private static void bind(CommonQueryContract query, UUID organisation, ScimUser before) {
        query.setParameter("id", before.id())
                .setParameter("organisation", organisation)
                .setParameter("formerLogin", before.content().login().text())
                .setParameter("formerExternal", before.content().externalId().orElse(null), String.class)
                .setParameter("formerProvisioned", before.stored(), String.class)
                .setParameter("formerActive", before.content().active());
    }

    /** @throws ProtocolException {@code not_found}; 412 with another version, or when somebody changes it at this moment */
    ScimUser remove(UUID organisation, UUID id, Optional<String> expected) {
        var user = require(organisation, id);
        requireVersion(user, expected);
        boolean removed = database.sessions().fromTransaction(session -> {
            var lock = session.createNativeQuery(LOCK, Integer.class);
            bind(lock, organisation, user);
            return !lock.getResultList().isEmpty() && users.remove(session, id);
        });
        if (!removed) {
            throw precondition();
        }
        return user;
    }

    private static void requireVersion(ScimUser user, Optional<String> expected) {
        if (expected.isPresent()
                && !expected.get().strip().equals("*")
                && List.of(expected.get().split(",")).stream()
                        .map(String::strip)
                        .noneMatch(user.version()::equals)) {
            throw precondition();
        }
    }

    /** As exact as the database. */
    private OffsetDateTime now() {
        return OffsetDateTime.ofInstant(clock.instant().truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    }

    private static ProtocolException precondition() {
        return new ProtocolException(ScimError.PRECONDITION_FAILED, "The user was changed by somebody else");
    }

    private static ProtocolException taken() {
        return new ProtocolException(ScimError.UNIQUENESS, "The user already exists");
    }

    private static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The user was not found");
    }
}
