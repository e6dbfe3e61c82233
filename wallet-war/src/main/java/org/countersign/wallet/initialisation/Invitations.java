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
    private static final String TAKE = "update wallet_user set invitation_hash = null, invitation_expires_at = null,"
            + " invitation_failures = 0 where id = :id and invitation_hash = :hash and invitation_expires_at > :now"
            + " and invitation_failures < " + TRIALS + " and blocked_at is null and removed_at is null";
    private static final String WRONG = "update wallet_user set invitation_failures = invitation_failures + 1"
            + " where id = ? and invitation_hash = ? and invitation_failures < " + TRIALS;
    private static final String REVOKE =
            "update wallet set revoked_at = :now where user_id = :user and revoked_at is null returning id";
    private static final String BEGIN =
            "insert into wallet (id, user_id, thumbprint, sealed_pin, attestation_x, attestation_y, key_attestation,"
                    + " key_type, user_authentication, created_at)"
                    + " values (:id, :user, :thumbprint, :pin, :x, :y, :attestation, :type, :authentication, :now)";

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
    record Invited(Member member, String hash, KeyLevel requiredKey) {

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
    Optional<Invited> find(String login, String password) {
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
     * @return nothing when the user is blocked, or the invitation used, expired or guessed at too often
     */
    Optional<Begun> accept(
            Invited invited, Assertion assertion, AttestationKey key, Function<OptionalLong, Attestations> attest) {
        if (invited.member().login().isGuest()) {
            return database.sessions()
                    .fromTransaction(session -> take(session, invited)
                            ? Optional.of(
                                    new Begun(Optional.empty(), Optional.empty(), attest.apply(OptionalLong.empty())))
                            : Optional.empty());
        }
        var wallet = entropy.uuid();
        var sealedPin = pins.seal(wallet, assertion.saltedPin());
        return database.sessions().fromTransaction(session -> {
            if (!take(session, invited)) {
                return Optional.empty();
            }
            var revoked = revoke(session, invited.member().user());
            begin(session, wallet, invited.member().user(), assertion, sealedPin, key);
            return Optional.of(new Begun(
                    Optional.of(wallet), revoked, attest.apply(OptionalLong.of(statusIndex(session, wallet)))));
        });
    }

    private void wrong(Invited invited) {
        statements.update(WRONG, statement -> {
            statement.setObject(1, invited.member().user());
            statement.setString(2, invited.hash());
        });
    }

    private boolean take(Session session, Invited invited) {
        return session.createNativeMutationQuery(TAKE)
                        .setParameter("id", invited.member().user())
                        .setParameter("hash", invited.hash())
                        .setParameter("now", clock.instant())
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
                .setParameter("now", clock.instant())
                .executeUpdate();
    }

    private static long statusIndex(Session session, UUID wallet) {
        return session.createNativeQuery("select status_index from wallet where id = :id", Long.class)
                .setParameter("id", wallet)
                .getSingleResult();
    }
}
