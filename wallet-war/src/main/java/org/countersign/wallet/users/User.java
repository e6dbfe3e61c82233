package org.countersign.wallet.users;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.WalletFor;

/**
 * Somebody who may have a wallet.
 *
 * @param walletFor what kind of person they are
 * @param invitedUntil until when an invitation may be used, if there is one
 * @param blocked whether nothing of theirs is accepted
 * @param wallet the one in use
 */
record User(
        UUID id,
        UUID organisation,
        Login login,
        WalletFor walletFor,
        Optional<Instant> invitedUntil,
        boolean blocked,
        Optional<Wallet> wallet,
        Instant createdAt) {

    /**
     * @param pinFailures wrong PINs in a row
     * @param shippedApp whether it is one of the compatibility profile
     */
    record Wallet(UUID id, int pinFailures, boolean shippedApp, Instant createdAt) {}

    static final String SELECT =
            "select u.id, u.organisation_id, u.login, u.wallet_for, u.invitation_expires_at, u.blocked_at,"
                    + " u.created_at, w.id as wallet_id, w.pin_failures, w.password_hash is not null as shipped_app, w.created_at as wallet_created_at"
                    + " from wallet_user u left join wallet w on w.user_id = u.id and w.revoked_at is null ";

    static User read(ResultSet row) throws SQLException {
        var wallet = row.getObject("wallet_id", UUID.class);
        return new User(
                row.getObject("id", UUID.class),
                row.getObject("organisation_id", UUID.class),
                new Login(row.getString("login")),
                WalletFor.parse(row.getString("wallet_for")).orElseThrow(),
                Optional.ofNullable(row.getTimestamp("invitation_expires_at")).map(java.sql.Timestamp::toInstant),
                row.getTimestamp("blocked_at") != null,
                wallet == null
                        ? Optional.empty()
                        : Optional.of(new Wallet(
                                wallet,
                                row.getInt("pin_failures"),
                                row.getBoolean("shipped_app"),
                                row.getTimestamp("wallet_created_at").toInstant())),
                row.getTimestamp("created_at").toInstant());
    }
}
