package org.countersign.wallet.wallets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.persistence.Statements;
import org.countersign.wallet.assertions.Assertion;
import org.countersign.wallet.keyattestations.AttestedKey;
import org.countersign.wallet.keyattestations.KeyLevel;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.Member;

/**
 * Lets a wallet in by its key and PIN. Comparing decides nothing: one statement does, which counts a wrong PIN or sets the count
 * back unless there were too many, so parallel guesses get no extra tries, and a wallet that is not in use does not tell by the
 * work it makes whether the PIN was right. Only who has the registered key spends a try; for anybody else a known login costs the
 * same as an unknown one.
 */
public final class Wallets {

    /** Wrong PINs in a row, after which an operator has to unlock. */
    public static final int TRIALS = 3;

    /** Of {@code wallet w} and {@code wallet_user u}: what makes a wallet one in use. */
    public static final String IN_USE = "w.revoked_at is null and u.blocked_at is null and u.removed_at is null"
            + " and w.pin_failures < " + TRIALS;

    private static final String FIND = "select w.id, w.thumbprint, w.sealed_pin from wallet w"
            + " join wallet_user u on u.id = w.user_id where u.login = ? and w.revoked_at is null";
    private static final String FIND_ATTESTED = "select w.id, w.thumbprint, w.sealed_pin from wallet w"
            + " where w.status_index = ? and w.attestation_x = ? and w.attestation_y = ? and w.revoked_at is null";
    private static final String COUNT =
            "update wallet w set pin_failures = case when ? then 0 else w.pin_failures + 1 end"
                    + " from wallet_user u" + Member.JOIN
                    + " where u.id = w.user_id and w.id = ? and w.sealed_pin = ? and " + IN_USE
                    + " returning w.id, w.pin_failures, " + Member.COLUMNS;
    private static final String GUEST = "select " + Member.COLUMNS + " from wallet_user u" + Member.JOIN
            + " where u.login = ? and u.blocked_at is null and u.removed_at is null";
    private static final String OF_USER = " from wallet_user u where u.id = w.user_id and w.id = ? and " + IN_USE;
    private static final int LONGEST_STORED = 8_192;
    private static final String CHANGE_PIN = "update wallet w set sealed_pin = ?" + OF_USER;
    private static final String ATTEST = "update wallet w set key_attestation ="
            // What was verified stays beside what it says.
            + " case when w.key_type is null then ? else w.key_attestation end from wallet_user u"
            + " join organisation o on o.id = u.organisation_id"
            + " where u.id = w.user_id and w.id = ? and " + IN_USE + " returning w.status_index, w.attestation_x,"
            + " w.attestation_y, w.key_type, w.user_authentication, o.required_key_level";

    private final Statements statements;
    private final SealedPins pins;
    private final AuditLog audit;
    /** What an unknown login is compared with. */
    private final Stored nobody;

    public Wallets(Statements statements, SealedPins pins, AuditLog audit, Entropy entropy) {
        this.statements = statements;
        this.pins = pins;
        this.audit = audit;
        var id = entropy.uuid();
        this.nobody = new Stored(id, entropy.bytes(32), pins.seal(id, entropy.token()));
    }

    private record Stored(UUID id, byte[] thumbprint, byte[] sealedPin) {

        static Stored read(ResultSet row) throws SQLException {
            return new Stored(row.getObject("id", UUID.class), row.getBytes("thumbprint"), row.getBytes("sealed_pin"));
        }
    }

    /**
     * Who has the assertion's login, key and PIN. Of guests there is neither a key nor a PIN to compare.
     *
     * @return nothing when one of them is wrong, the wallet locked or revoked, or the user blocked
     */
    public Optional<WalletHolder> authenticate(Assertion assertion) {
        var login = assertion.issuer();
        return new Login(login).isGuest()
                ? statements
                        .first(GUEST, statement -> statement.setString(1, login), Member::read)
                        .map(member -> new WalletHolder(Optional.empty(), member))
                : authenticate(login, assertion)
                        .map(wallet -> new WalletHolder(Optional.of(wallet.id()), wallet.member()));
    }

    private Optional<WalletInUse> authenticate(String login, Assertion assertion) {
        var stored = statements.first(FIND, statement -> statement.setString(1, login), Stored::read);
        return authenticate(stored.orElse(nobody), assertion.key(), assertion.saltedPin());
    }

    /**
     * Who has an attested wallet's both keys, and its PIN.
     *
     * @param statusIndex the wallet's place in the status lists
     * @param attestationKey of which possession was proven
     * @param key of which possession was proven: to be the authentication key
     * @return nothing when one of them is wrong, the wallet locked or revoked, or the user blocked
     */
    public Optional<WalletHolder> authenticate(
            long statusIndex, P256PublicKey attestationKey, P256PublicKey key, String saltedPin) {
        var stored = statements.first(
                FIND_ATTESTED,
                statement -> {
                    statement.setLong(1, statusIndex);
                    statement.setString(2, attestationKey.x());
                    statement.setString(3, attestationKey.y());
                },
                Stored::read);
        return authenticate(stored.orElse(nobody), key, saltedPin)
                .map(wallet -> new WalletHolder(Optional.of(wallet.id()), wallet.member()));
    }

    private Optional<WalletInUse> authenticate(Stored stored, P256PublicKey key, String saltedPin) {
        boolean registered = MessageDigest.isEqual(stored.thumbprint(), key.thumbprint());
        boolean rightPin = pins.matches(stored.id(), stored.sealedPin(), saltedPin);
        if (!registered) {
            return Optional.empty();
        }
        var counted = count(stored, rightPin);
        if (!rightPin) {
            counted.ifPresent(this::tellWrong);
            return Optional.empty();
        }
        return counted.map(Counted::wallet);
    }

    /** @param failures wrong PINs in a row, this time's included */
    private record Counted(WalletInUse wallet, int failures) {}

    /** @return nothing when the wallet is not in use: then nothing is counted, nor is anything to be audited */
    private Optional<Counted> count(Stored stored, boolean rightPin) {
        return statements.first(
                COUNT,
                statement -> {
                    statement.setBoolean(1, rightPin);
                    statement.setObject(2, stored.id());
                    statement.setBytes(3, stored.sealedPin());
                },
                row -> new Counted(
                        new WalletInUse(row.getObject("id", UUID.class), Member.read(row)),
                        row.getInt("pin_failures")));
    }

    private void tellWrong(Counted counted) {
        audit.append(AuditEvent.failure("wallet.pin-refused")
                .detail("wallet", counted.wallet().id())
                .detail("login", counted.wallet().member().login().text())
                .detail("locked", counted.failures() >= TRIALS));
    }

    /**
     * Gives a wallet another PIN. The count of wrong ones stays as it is.
     *
     * @return false when the wallet is not in use by now
     */
    public boolean changePin(UUID wallet, String saltedPin) {
        var sealed = pins.seal(wallet, saltedPin);
        return statements.update(CHANGE_PIN, statement -> {
                    statement.setBytes(1, sealed);
                    statement.setObject(2, wallet);
                })
                > 0;
    }

    /**
     * What an attestation is about.
     *
     * @param key the attestation key
     * @param statusIndex the wallet's place in the status lists
     * @param verified what is known of the key since the wallet began
     * @param required by the user's organisation, by now
     */
    public record Attested(P256PublicKey key, long statusIndex, Optional<AttestedKey> verified, KeyLevel required) {

        public boolean isGoodEnough() {
            return verified.map(AttestedKey::level).orElse(KeyLevel.NONE).satisfies(required);
        }

        private static Attested read(ResultSet row) throws SQLException {
            var type = row.getString("key_type");
            return new Attested(
                    new P256PublicKey(row.getString("attestation_x"), row.getString("attestation_y")),
                    row.getLong("status_index"),
                    type == null
                            ? Optional.empty()
                            : Optional.of(
                                    new AttestedKey(type, Optional.ofNullable(row.getString("user_authentication")))),
                    KeyLevel.parse(row.getString("required_key_level")).orElseThrow());
        }
    }

    /** As much of a key attestation as the table takes: itself, or if it is too long its SHA-256. */
    public static String stored(String keyAttestation) {
        return keyAttestation.length() <= LONGEST_STORED
                ? keyAttestation
                : "sha256:" + DigestUtils.sha256Hex(keyAttestation.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Keeps what the device says anew of its attestation key, unless what it said first was verified.
     *
     * @return nothing when the wallet is not in use by now
     */
    public Optional<Attested> attest(UUID wallet, String keyAttestation) {
        return statements.first(
                ATTEST,
                statement -> {
                    statement.setString(1, stored(keyAttestation));
                    statement.setObject(2, wallet);
                },
                Attested::read);
    }
}
