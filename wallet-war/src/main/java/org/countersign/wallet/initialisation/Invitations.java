package org.countersign.wallet.initialisation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.Statements;
import org.countersign.wallet.assertions.Assertion;
import org.countersign.wallet.keyattestations.AttestedKey;
import org.countersign.wallet.keyattestations.KeyLevel;
import org.countersign.wallet.keyattestations.KeyOrigin;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.Member;
import org.countersign.wallet.organisations.Profile;
import org.countersign.wallet.organisations.WalletFor;
import org.countersign.wallet.wallets.SealedPins;
import org.countersign.wallet.wallets.Wallets;
import org.hibernate.Session;

/**
 * Turns an invitation into a wallet, once. Comparing the password decides nothing: the statement that takes the invitation away does,
 * in one transaction with the end of the wallet before and the begin of the new one.
 */
public final class Invitations {

    private static final int TRIALS = 5;
    private static final String FIND = "select u.invitation_hash, o.required_key_level, " + Member.COLUMNS
            + " from wallet_user u" + Member.JOIN + " where u.login = ? and u.invitation_hash is not null";
    private static final String TAKE_IF = "update wallet_user set invitation_hash = null, invitation_expires_at = null,"
            + " invitation_failures = 0 where id = :id and invitation_hash = :hash and invitation_expires_at > :now"
            + " and invitation_failures < " + TRIALS + " and blocked_at is null and removed_at is null"
            + " and exists (select from organisation o where o.id = organisation_id and o.required_key_level in (:levels)";
    private static final String TAKE = TAKE_IF + ")";
    private static final String TAKE_FOR_SHIPPED_APP = TAKE_IF + " and o.compatibility)";
    private static final String WRONG = "update wallet_user set invitation_failures = invitation_failures + 1"
            + " where id = ? and invitation_hash = ? and invitation_failures < " + TRIALS;
    private static final String REVOKE =
            "update wallet set revoked_at = :now, password_hash = null where user_id = :user and revoked_at is null"
                    + " returning id";
    private static final String BEGIN =
            "insert into wallet (id, user_id, thumbprint, sealed_pin, attestation_x, attestation_y, key_attestation,"
                    + " key_type, user_authentication, key_origin, created_at)"
                    + " values (:id, :user, :thumbprint, :pin, :x, :y, :attestation, :type, :authentication, :origin, :now)";
    /** Its place in the status lists was told before. Nobody else's attestation has the same. */
    private static final String BEGIN_SHIPPED_APP =
            "insert into wallet (id, user_id, status_index, thumbprint, sealed_pin, password_hash, attestation_x,"
                    + " attestation_y, key_attestation, created_at) overriding system value"
                    + " values (:id, :user, :index, :thumbprint, :pin, :password, :x, :y, '', :now)"
                    + " on conflict (status_index) do nothing";

    /** Whose keys are not looked at. */
    private static final KeyLevel GUESTS = KeyLevel.SECURE_PROCESSOR;

    private final Database database;
    private final Statements statements;
    private final SecretHash hashes;
    private final SealedPins pins;
    private final Entropy entropy;
    private final Clock clock;
    /** In place of an unknown login's, so that it costs the same. */
    private final Invited nobody;

    public Invitations(Database database, SecretHash hashes, SealedPins pins, Entropy entropy, Clock clock) {
        this.database = database;
        this.statements = database.statements();
        this.hashes = hashes;
        this.pins = pins;
        this.entropy = entropy;
        this.clock = clock;
        this.nobody = new Invited(
                new Member(
                        entropy.uuid(),
                        new Login(""),
                        WalletFor.NP,
                        entropy.uuid(),
                        new Profile("{}"),
                        Optional.empty()),
                hashes.hash(entropy.token()),
                KeyLevel.NONE);
    }

    /**
     * Somebody whose invitation's password was shown.
     *
     * @param requiredKey by their organisation
     */
    public record Invited(Member member, String hash, KeyLevel requiredKey) {

        static Invited read(ResultSet row) throws SQLException {
            return new Invited(
                    Member.read(row),
                    row.getString("invitation_hash"),
                    KeyLevel.parse(row.getString("required_key_level")).orElseThrow());
        }
    }

    /**
     * A wallet that began.
     *
     * @param wallet none of a guest
     * @param revoked the user's before, which it ended
     */
    record Begun(Optional<UUID> wallet, Optional<UUID> revoked, Attestations attestations) {}

    /**
     * What the wallet brought of its attestation key.
     *
     * @param verified what of it was
     */
    record AttestationKey(P256PublicKey key, String attestation, Optional<AttestedKey> verified) {}

    /**
     * Looks for one, whoever asks; a wrong password counts.
     *
     * @return nothing when the login is unknown, not invited, or the password is another
     */
    public Optional<Invited> find(String login, String password) {
        var invited = statements
                .first(FIND, statement -> statement.setString(1, login), Invited::read)
                .orElse(nobody);
        if (!hashes.matches(password, invited.hash())) {
            wrong(invited);
            return Optional.empty();
        }
        return Optional.of(invited);
    }

    /**
     * Accepts one. Of a guest nothing is registered, and so no wallet before is ended.
     *
     * @param attest signs the attestations for the wallet's place in the status lists, none for a guest's; when that fails, so does all
     * @return nothing when the user is blocked, the invitation used, expired or guessed at too often, or the organisation requires more
     *     of the key by now than was verified
     */
    Optional<Begun> accept(
            Invited invited, Assertion assertion, AttestationKey key, Function<OptionalLong, Attestations> attest) {
        if (invited.member().login().isGuest()) {
            return database.sessions()
                    .fromTransaction(session -> take(session, invited, GUESTS)
                            ? Optional.of(
                                    new Begun(Optional.empty(), Optional.empty(), attest.apply(OptionalLong.empty())))
                            : Optional.empty());
        }
        var wallet = entropy.uuid();
        var sealedPin = pins.seal(wallet, assertion.saltedPin());
        var level = key.verified().map(AttestedKey::level).orElse(KeyLevel.NONE);
        return database.sessions().fromTransaction(session -> {
            if (!take(session, invited, level)) {
                return Optional.empty();
            }
            var revoked = revoke(session, invited.member().user());
            begin(session, wallet, invited.member().user(), assertion, sealedPin, key);
            return Optional.of(new Begun(
                    Optional.of(wallet), revoked, attest.apply(OptionalLong.of(statusIndex(session, wallet)))));
        });
    }

    /**
     * A wallet of the app that was shipped before, whose one key is all that is registered beside the password.
     *
     * @param wallet of the new one
     * @param revoked the user's before, which it ended
     */
    public record BegunShippedApp(UUID wallet, Optional<UUID> revoked) {}

    /**
     * Accepts one for such a wallet. What it would have to know for what other wallets may do, a PIN, nobody knows.
     *
     * @param statusIndex its place in the status lists, as its attestation has it
     * @return nothing when the user is blocked or a guest, the invitation used, expired or guessed at too often, the organisation does
     *     not allow such wallets or requires something of keys by now, or the attestation was used before
     */
    public Optional<BegunShippedApp> accept(Invited invited, P256PublicKey key, long statusIndex) {
        if (invited.member().login().isGuest()) {
            return Optional.empty();
        }
        var wallet = entropy.uuid();
        var sealedPin = pins.seal(wallet, entropy.token());
        return Optional.ofNullable(database.sessions().fromTransaction(session -> {
            if (take(session, TAKE_FOR_SHIPPED_APP, invited, KeyLevel.NONE)) {
                var revoked = revoke(session, invited.member().user());
                if (begin(session, wallet, invited, key, sealedPin, statusIndex)) {
                    return new BegunShippedApp(wallet, revoked);
                }
            }
            session.getTransaction().setRollbackOnly();
            return null;
        }));
    }

    private boolean begin(
            Session session, UUID wallet, Invited invited, P256PublicKey key, byte[] sealedPin, long statusIndex) {
        return session.createNativeMutationQuery(BEGIN_SHIPPED_APP)
                        .setParameter("id", wallet)
                        .setParameter("user", invited.member().user())
                        .setParameter("index", statusIndex)
                        .setParameter("thumbprint", key.thumbprint())
                        .setParameter("pin", sealedPin)
                        .setParameter("password", invited.hash())
                        .setParameter("x", key.x())
                        .setParameter("y", key.y())
                        .setParameter("now", clock.instant())
                        .executeUpdate()
                > 0;
    }

    private void wrong(Invited invited) {
        statements.update(WRONG, statement -> {
            statement.setObject(1, invited.member().user());
            statement.setString(2, invited.hash());
        });
    }

    /** @param level how well the key is kept */
    private boolean take(Session session, Invited invited, KeyLevel level) {
        return take(session, TAKE, invited, level);
    }

    private boolean take(Session session, String sql, Invited invited, KeyLevel level) {
        return session.createNativeMutationQuery(sql)
                        .setParameter("id", invited.member().user())
                        .setParameter("hash", invited.hash())
                        .setParameter("now", clock.instant())
                        .setParameterList("levels", level.satisfied())
                        .executeUpdate()
                > 0;
    }

    private Optional<UUID> revoke(Session session, UUID user) {
        return session.createNativeQuery(REVOKE, UUID.class)
                .setParameter("now", clock.instant())
                .setParameter("user", user)
                .uniqueResultOptional();
    }

    private void begin(
            Session session, UUID wallet, UUID user, Assertion assertion, byte[] sealedPin, AttestationKey key) {
        session.createNativeMutationQuery(BEGIN)
                .setParameter("id", wallet)
                .setParameter("user", user)
                .setParameter("thumbprint", assertion.key().thumbprint())
                .setParameter("pin", sealedPin)
                .setParameter("x", key.key().x())
                .setParameter("y", key.key().y())
                .setParameter("attestation", Wallets.stored(key.attestation()))
                .setParameter("type", key.verified().map(AttestedKey::keyType).orElse(null), String.class)
                .setParameter(
                        "authentication",
                        key.verified().flatMap(AttestedKey::userAuthentication).orElse(null),
                        String.class)
                .setParameter(
                        "origin",
                        key.verified()
                                .flatMap(AttestedKey::origin)
                                .map(KeyOrigin::text)
                                .orElse(null),
                        String.class)
                .setParameter("now", clock.instant())
                .executeUpdate();
    }

    private static long statusIndex(Session session, UUID wallet) {
        return session.createNativeQuery("select status_index from wallet where id = :id", Long.class)
                .setParameter("id", wallet)
                .getSingleResult();
    }
}
