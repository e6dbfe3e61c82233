package org.countersign.wallet;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.bouncycastle.util.BigIntegers;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.server.persistence.Statements;
import org.countersign.wallet.assertions.Assertion;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.Member;
import org.countersign.wallet.organisations.Profile;
import org.countersign.wallet.organisations.WalletFor;

/** Users with wallets, written into the database as they are, and what such a wallet signs. */
public final class TestWallets {

    public static final String PIN = "a".repeat(64);

    private final KeyPair keys;
    private final P256PublicKey key;

    public TestWallets() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
        var point = ((ECPublicKey) keys.getPublic()).getW();
        key = P256PublicKey.of(coordinate(point.getAffineX()), coordinate(point.getAffineY()))
                .orElseThrow();
    }

    private static String coordinate(BigInteger number) {
        return Base64Url.encode(BigIntegers.asUnsignedByteArray(32, number));
    }

    public P256PublicKey key() {
        return key;
    }

    public String sign(String type, Map<String, Object> claims) {
        return CompactJws.sign(key, keys.getPrivate(), type, claims);
    }

    public Assertion assertion(String login, String saltedPin) {
        return new Assertion(new CompactJws(key, Map.of()), login, "A".repeat(43), saltedPin);
    }

    /** Somebody who is not in the database. */
    public static Member member(UUID user, String login) {
        return new Member(user, new Login(login), WalletFor.NP, UUID.randomUUID(), new Profile("{}"), Optional.empty());
    }

    /** Of an organisation of their own. */
    public static UUID addUser(Statements statements, String login) {
        var id = UUID.randomUUID();
        statements.update(
                "with its as (insert into organisation (id, name, profile, created_at) values (?, ?, '{}', now()) returning id)"
                        + " insert into wallet_user (id, organisation_id, login, wallet_for, created_at) select ?, id, ?, 'np', now() from its",
                statement -> {
                    statement.setObject(1, UUID.randomUUID());
                    statement.setString(2, id.toString());
                    statement.setObject(3, id);
                    statement.setString(4, login);
                });
        return id;
    }

    /** With this key. */
    public void addWallet(Statements statements, UUID user, UUID wallet, byte[] sealedPin) {
        statements.update(
                "insert into wallet (id, user_id, thumbprint, sealed_pin, attestation_x, attestation_y, key_attestation,"
                        + " created_at) values (?, ?, ?, ?, ?, ?, 'none', now())",
                statement -> {
                    statement.setObject(1, wallet);
                    statement.setObject(2, user);
                    statement.setBytes(3, key.thumbprint());
                    statement.setBytes(4, sealedPin);
                    statement.setString(5, key.x());
                    statement.setString(6, key.y());
                });
    }
}
