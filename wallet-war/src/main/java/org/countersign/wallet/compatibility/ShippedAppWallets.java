package org.countersign.wallet.compatibility;

import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.persistence.Statements;
import org.countersign.wallet.organisations.Member;
import org.countersign.wallet.wallets.WalletInUse;
import org.countersign.wallet.wallets.Wallets;

/**
 * Wallets that began in this profile. Their password is 32 random bytes, so wrong ones are not counted, and nobody can lock a wallet with
 * them; an unknown login makes the work of a known one.
 */
final class ShippedAppWallets {

    private static final String FIND = "select w.id, w.thumbprint, w.password_hash, " + Member.COLUMNS
            + " from wallet w join wallet_user u on u.id = w.user_id" + Member.JOIN
            + " where u.login = ? and w.password_hash is not null and o.compatibility"
            + " and o.required_key_level = 'none' and " + Wallets.IN_USE;

    private final Statements statements;
    private final SecretHash hashes;
    /** In place of an unknown login's. */
    private final String nobody;

    ShippedAppWallets(Statements statements, SecretHash hashes, Entropy entropy) {
        this.statements = statements;
        this.hashes = hashes;
        this.nobody = hashes.hash(entropy.token());
    }

    private record Stored(WalletInUse wallet, byte[] thumbprint, String passwordHash) {

        static Stored read(ResultSet row) throws SQLException {
            return new Stored(
                    new WalletInUse(row.getObject("id", UUID.class), Member.read(row)),
                    row.getBytes("thumbprint"),
                    row.getString("password_hash"));
        }
    }

    /** @return nothing unless there is a wallet of this login, password and key which is in use and still allowed */
    Optional<WalletInUse> authenticate(BasicPassword shown, P256PublicKey key) {
        var stored = statements.first(FIND, statement -> statement.setString(1, shown.login()), Stored::read);
        boolean right = hashes.matches(
                shown.password(), stored.map(Stored::passwordHash).orElse(nobody));
        return stored.filter(wallet -> right && MessageDigest.isEqual(wallet.thumbprint(), key.thumbprint()))
                .map(Stored::wallet);
    }
}
