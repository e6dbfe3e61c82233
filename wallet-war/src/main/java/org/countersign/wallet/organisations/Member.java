package org.countersign.wallet.organisations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Whom a wallet is for: a user, and what their organisation says.
 *
 * @param profile their organisation's
 * @param companySignature their organisation's, whomever the wallet is for
 */
public record Member(
        UUID user,
        Login login,
        WalletFor walletFor,
        UUID organisation,
        Profile profile,
        Optional<CompanySignature> companySignature) {

    /** Of {@code wallet_user u}, with {@link #JOIN}. */
    public static final String COLUMNS =
            "u.id as user_id, u.login, u.wallet_for, u.organisation_id, o.profile, " + CompanySignature.COLUMNS;

    /** After {@code wallet_user u}. */
    public static final String JOIN = " join organisation o on o.id = u.organisation_id" + CompanySignature.JOIN;

    /** Of a row with {@link #COLUMNS}. */
    public static Member read(ResultSet row) throws SQLException {
        return new Member(
                row.getObject("user_id", UUID.class),
                new Login(row.getString("login")),
                WalletFor.parse(row.getString("wallet_for")).orElseThrow(),
                row.getObject("organisation_id", UUID.class),
                new Profile(row.getString("profile")),
                CompanySignature.read(row));
    }
}
