package org.countersign.signer.acts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.countersign.signer.TestDatabase.atOnce;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.KeyPair;
import org.countersign.signer.credentials.RevocationReason;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.factors.FactorAttempts.Acceptance;
import org.countersign.signer.factors.PinPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Acts upon living credentials on a real PostgreSQL, some with many calls at the same moment. */
public class ActsAreDecidedOnceTest {

    private static final Entropy ENTROPY = Entropy.system();
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final SeatName JDOE = new SeatName("jdoe", "acme");
    private static final RevocationReason SUPERSEDED = RevocationReason.SUPERSEDED;
    private static final int THREADS = 16;
    private static final int MAX_FAILURES = 5;
    private static final AuthorizationConfiguration PIN =
            new AuthorizationConfiguration("pin", "explicit", Set.of(Factor.PIN), PinPolicy.DEFAULT, MAX_FAILURES, 2);

    private static TestDatabase postgres;
    private static Credentials credentials;
    private static Activations activations;
    private static FactorAttempts attempts;
    private static ActedCredentials acted;
    private static CondemnedKeys condemned;
    private static Renewals renewals;

    private final UUID id = credential();

    @BeforeAll
    static void start() throws Exception {
        postgres = new TestDatabase();
        credentials = new Credentials(postgres.database(), SeatGroups.NONE);
        activations = new Activations(postgres.database(), CLOCK);
        attempts = new FactorAttempts(postgres.database(), CLOCK, 1_000, Duration.ofMinutes(10));
        acted = new ActedCredentials(postgres.database(), CLOCK);
        condemned = new CondemnedKeys(postgres.database(), CLOCK);
        renewals = new Renewals(postgres.database(), CLOCK);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private static UUID credential() {
        var credential = Credential.create(ENTROPY.uuid(), JDOE, "acme", "pin", 10, NOW);
        credentials.add(credential);
        credentials.setPin(credential.id(), "stored", new byte[32]);
        var keyPair = new KeyPair(ENTROPY.uuid(), "v", KeyAlgorithm.EC_P256, new byte[] {1}, new byte[32]);
        credentials.setKeyPair(credential.id(), PIN, keyPair);
        return credential.id();
    }

    private Credential read() {
        return credentials.require(id.toString());
    }

    private Acceptance right() {
        return attempts.accept(read(), "acme", MAX_FAILURES, 0);
    }

    private Activation authorize(Acceptance accepted) {
        var activation = Activation.ofNumber(ENTROPY.uuid(), id, "acme", 1, NOW.plusSeconds(300));
        return activations.add(activation, read(), accepted) ? activation : null;
    }

    private boolean take(Activation activation) {
        return activations
                .find(activation.id(), "acme", JDOE)
                .filter(found -> activations.take(found, new int[] {1}, MAX_FAILURES))
                .isPresent();
    }

    private int update(String sql) {
        return postgres.database().statements().update(sql, statement -> statement.setObject(1, id));
    }

    private static long won(List<Boolean> results) {
        return results.stream().filter(result -> result).count();
    }

    private String wrong() {
        try {
            attempts.wrong(id, "acme", MAX_FAILURES);
            return "counted";
        } catch (ProtocolException limit) {
            return limit.code().wireName();
        }
    }

    @Test
    void of_changes_of_one_pin_at_once_one_wins() throws Exception {
        var compared = right();
        assertThat(won(atOnce(THREADS, () -> acted.changePin(compared, ENTROPY.token()))))
                .isEqualTo(1);
    }

    @Test
    void a_pin_that_was_compared_before_it_changed_is_not_accepted_afterwards() {
        var compared = right();
        assertThat(acted.changePin(right(), "another")).isTrue();
        assertThat(authorize(compared)).isNull();
        assertThat(acted.suspend(compared)).isFalse();
        assertThat(condemned.delete(compared)).isEmpty();
        assertThat(authorize(right())).isNotNull();
    }

    @Test
    void every_act_ends_what_was_authorized_before_it() {
        var before = authorize(right());
        assertThat(acted.changePin(right(), "another")).isTrue();
        assertThat(take(before)).isFalse();

        before = authorize(right());
        assertThat(acted.suspend(right())).isTrue();
        assertThat(acted.resume(right())).isTrue();
        assertThat(take(before)).isFalse();
        assertThat(take(authorize(right()))).isTrue();
    }

    @Test
    void an_extension_under_way_does_not_outlive_an_act() throws Exception {
        var before = activations.find(authorize(right()).id(), "acme", JDOE).orElseThrow();
        var extended = Activation.ofNumber(ENTROPY.uuid(), id, "acme", 1, NOW.plusSeconds(300));
        try (var connection = postgres.connect()) {
            connection.setAutoCommit(false);
            try (var statement = connection.prepareStatement("update credential set pin = 'another' where id = ?")) {
                statement.setObject(1, id);
                statement.executeUpdate();
            }
            var extending = CompletableFuture.supplyAsync(() -> activations.extend(before, extended, MAX_FAILURES));
            // Until it waits for the row, or has gone past it, which would be the mistake.
            while (!extending.isDone() && postgres.waiting() == 0) {
                Thread.onSpinWait();
            }
            Activations.endAll(connection, id);
            connection.commit();
            assertThat(extending.get()).isFalse();
        }
        assertThat(activations.find(extended.id(), "acme", JDOE)).isEmpty();
    }

    @Test
    void a_new_otp_takes_the_place_once_and_only_of_the_one_it_was_asked_for() throws Exception {
        update("update credential set otp_secret = '\\x01', otp_last_step = 500 where id = ?");
        var waiting = new byte[] {2};
        assertThat(acted.addNewOtp(right(), waiting)).isTrue();
        assertThat(read().otpSecret()).hasValue(new byte[] {1});
        var confirmed = attempts.accept(read(), "acme", MAX_FAILURES, 400);
        assertThat(acted.replaceOtp(confirmed, new byte[] {3}, new byte[] {4})).isFalse();

        assertThat(won(atOnce(THREADS, () -> acted.replaceOtp(confirmed, waiting, new byte[] {5}))))
                .isEqualTo(1);

        assertThat(read().otpSecret()).hasValue(new byte[] {5});
        assertThat(read().newOtp()).isEmpty();
        assertThat(acted.suspend(attempts.accept(read(), "acme", MAX_FAILURES, 400)))
                .isFalse();
        assertThat(acted.suspend(attempts.accept(read(), "acme", MAX_FAILURES, 401)))
                .isTrue();
    }

    @Test
    void a_new_otp_is_not_confirmed_of_a_credential_that_is_locked() {
        update("update credential set otp_secret = '\\x01' where id = ?");
        assertThat(acted.addNewOtp(right(), new byte[] {2})).isTrue();
        var confirmed = attempts.accept(read(), "acme", MAX_FAILURES, 400);
        for (int i = 0; i < MAX_FAILURES; i++) {
            wrong();
        }
        assertThat(acted.replaceOtp(confirmed, new byte[] {2}, new byte[] {3})).isFalse();
    }

    /** Who asked for it may have got at the factors. */
    @Test
    void a_new_otp_that_waits_goes_with_a_change_of_pin_and_when_the_credential_is_taken_out_of_service() {
        update("update credential set otp_secret = '\\x01' where id = ?");
        var waiting = new byte[] {2};
        List<Supplier<Boolean>> acts = List.of(
                () -> acted.changePin(right(), "another"),
                () -> acted.suspend(right()),
                () -> acted.resume(right()) && acted.addNewOtp(right(), waiting) && acted.suspend(id),
                () -> acted.resume(id) && acted.addNewOtp(right(), waiting) && acted.revoke(right(), SUPERSEDED));
        for (var act : acts) {
            if (read().state() == CredentialState.ACTIVE) {
                assertThat(acted.addNewOtp(right(), waiting)).isTrue();
            }
            assertThat(act.get()).isTrue();
            assertThat(read().newOtp()).isEmpty();
        }
    }

    @Test
    void a_suspended_credential_is_locked_to_a_version_that_knows_no_suspension() {
        var activation = authorize(right());
        assertThat(activation).isNotNull();
        assertThat(acted.suspend(right())).isTrue();
        assertThat(authorize(right())).isNull();
        // Its statements, as they are: none sees the credential below its maximum, and it can not unlock it.
        assertThat(update("update credential set failures = failures + 1 where failures < 100 and id = ?"))
                .isZero();
        assertThatThrownBy(() -> update("update credential set failures = 0 where failures >= 5 and id = ?"))
                .hasStackTraceContaining("violates check constraint");
    }

    @Test
    void wrong_factors_count_and_lock_while_it_is_suspended_and_unlocking_resumes_nothing() {
        assertThat(acted.suspend(right())).isTrue();
        for (int i = 0; i < MAX_FAILURES; i++) {
            assertThat(read().isLocked(PIN)).isFalse();
            assertThat(wrong()).isEqualTo("counted");
        }
        assertThat(wrong()).isEqualTo("credential_locked");
        assertThat(read().isLocked(PIN)).isTrue();
        assertThat(acted.resume(right())).isFalse();

        assertThat(credentials.unlock(id, MAX_FAILURES)).isTrue();
        assertThat(credentials.unlock(id, MAX_FAILURES)).isFalse();
        assertThat(read().state()).isEqualTo(CredentialState.SUSPENDED);
        assertThat(acted.resume(right())).isTrue();
        assertThat(read().isLocked(PIN)).isFalse();
    }

    @Test
    void what_an_administrator_suspended_its_holder_does_not_resume() {
        assertThat(acted.suspend(right())).isTrue();
        assertThat(acted.suspend(id)).isTrue();
        assertThat(acted.suspend(id)).isFalse();
        assertThat(acted.resume(right())).isFalse();
        assertThat(acted.changePin(right(), "another")).isFalse();
        assertThat(acted.resume(id)).isTrue();
        assertThat(acted.resume(id)).isFalse();
        assertThat(authorize(right())).isNotNull();
    }

    @Test
    void an_administrators_acts_leave_the_count_as_it_is() {
        for (int i = 1; i < MAX_FAILURES; i++) {
            wrong();
        }
        assertThat(acted.suspend(id)).isTrue();
        assertThat(acted.resume(id)).isTrue();
        assertThat(wrong()).isEqualTo("counted");
        assertThat(read().isLocked(PIN)).isTrue();
        assertThat(acted.suspend(id)).isTrue();
        assertThat(read().isLocked(PIN)).isTrue();
        assertThat(acted.revoke(id, RevocationReason.KEY_COMPROMISE)).isTrue();
        assertThat(read().isLocked(PIN)).isTrue();
    }

    @Test
    void of_suspensions_and_resumptions_at_once_one_wins() throws Exception {
        var compared = right();
        assertThat(won(atOnce(THREADS, () -> acted.suspend(compared)))).isEqualTo(1);
        assertThat(won(atOnce(THREADS, () -> acted.resume(compared)))).isEqualTo(1);
    }

    @Test
    void a_revocation_is_for_good_and_keeps_its_first_reason() {
        assertThat(acted.revoke(right(), RevocationReason.SUPERSEDED)).isTrue();
        assertThat(acted.revoke(right(), RevocationReason.KEY_COMPROMISE)).isFalse();
        assertThat(acted.revoke(id, RevocationReason.KEY_COMPROMISE)).isFalse();
        assertThat(acted.suspend(id)).isFalse();
        assertThat(acted.resume(id)).isFalse();
        assertThat(acted.resume(right())).isFalse();
        assertThat(acted.changePin(right(), "another")).isFalse();
        assertThat(authorize(right())).isNull();
        assertThat(read().revocationReason()).hasValue(RevocationReason.SUPERSEDED);
        assertThat(read().revokedAt()).hasValue(NOW);
    }

    @Test
    void of_deletions_at_once_one_wins_and_the_key_is_condemned_with_the_credential() throws Exception {
        var activation = authorize(right());
        var keyId = read().keyId();
        var compared = right();

        var gone = atOnce(THREADS, () -> condemned.delete(compared));

        assertThat(gone.stream().filter(left -> !left.isEmpty())).hasSize(1);
        assertThatThrownBy(this::read).hasMessage("not_found: The credential was not found");
        assertThat(take(activation)).isFalse();
        assertThat(condemned.in("v")).extracting(CondemnedKeys.Condemned::keyId).contains(keyId);
        condemned.forget(keyId);
        assertThat(condemned.in("v")).extracting(CondemnedKeys.Condemned::keyId).doesNotContain(keyId);
    }

    @Test
    void a_key_that_a_credential_has_again_is_condemned_no_more() {
        var keyId = read().keyId();
        assertThat(condemned.delete(id)).isNotEmpty();
        assertThat(condemned.delete(id)).isEmpty();
        var again = Credential.create(ENTROPY.uuid(), JDOE, "acme", "pin", 10, NOW);
        credentials.add(again);
        credentials.setPin(again.id(), "stored", new byte[32]);
        credentials.setKeyPair(
                again.id(), PIN, new KeyPair(keyId, "v", KeyAlgorithm.EC_P256, new byte[] {1}, new byte[32]));

        assertThat(condemned.in("v")).extracting(CondemnedKeys.Condemned::keyId).doesNotContain(keyId);
        assertThat(condemned.delete(again.id())).isNotEmpty();
        assertThat(condemned.in("v"))
                .filteredOn(key -> key.keyId().equals(keyId))
                .extracting(CondemnedKeys.Condemned::credentialId)
                .containsExactly(again.id());
    }

    @Test
    void a_renewed_key_takes_the_place_once_with_its_certificate_and_the_former_one_is_condemned() throws Exception {
        assertThat(credentials.setCertificates(id, chain(1))).isTrue();
        var former = read().keyId();
        var before = authorize(right());
        var waiting = newKeyPair();

        assertThat(renewals.ask(right(), Optional.of(waiting))).isPresent();

        assertThat(read().keyId()).isEqualTo(former);
        assertThat(take(before)).isTrue();
        before = authorize(right());
        var verified = read();
        var after = chain(2);
        assertThat(won(atOnce(THREADS, () -> renewals.renew(verified, after).isPresent())))
                .isEqualTo(1);

        assertThat(read().keyPair()).usingRecursiveComparison().isEqualTo(Optional.of(waiting));
        assertThat(read().certificates()).usingRecursiveComparison().isEqualTo(after.der());
        assertThat(read().isRenewalAsked()).isFalse();
        assertThat(read().newKeyPair()).isEmpty();
        assertThat(take(before)).isFalse();
        assertThat(condemnedKeys()).contains(former).doesNotContain(waiting.keyId());
        assertThat(take(authorize(right()))).isTrue();
    }

    @Test
    void a_renewed_certificate_takes_the_place_once_and_leaves_the_key_and_what_was_authorized() throws Exception {
        assertThat(credentials.setCertificates(id, chain(1))).isTrue();
        var before = authorize(right());
        var unasked = read();
        assertThat(renewals.renew(unasked, chain(2))).isEmpty();
        assertThat(renewals.ask(right(), Optional.empty())).isPresent();

        var verified = read();
        assertThat(won(atOnce(THREADS, () -> renewals.renew(verified, chain(2)).isPresent())))
                .isEqualTo(1);

        assertThat(read().keyId()).isEqualTo(verified.keyId());
        assertThat(read().isRenewalAsked()).isFalse();
        assertThat(take(before)).isTrue();
        assertThat(condemnedKeys()).doesNotContain(verified.keyId());
        // Asked for again, what was verified against the certificate before it is no longer the latest.
        assertThat(renewals.ask(right(), Optional.empty())).isPresent();
        assertThat(renewals.renew(verified, chain(3))).isEmpty();
    }

    @Test
    void a_renewal_takes_the_place_of_one_that_waited_and_its_key_is_condemned() {
        assertThat(credentials.setCertificates(id, chain(1))).isTrue();
        var first = newKeyPair();
        assertThat(renewals.ask(right(), Optional.of(first))).isPresent();
        var verified = read();
        var second = newKeyPair();

        assertThat(renewals.ask(right(), Optional.of(second)).orElseThrow())
                .extracting(CondemnedKeys.Condemned::keyId)
                .containsExactly(first.keyId());

        assertThat(condemnedKeys()).contains(first.keyId()).doesNotContain(second.keyId());
        assertThat(renewals.renew(verified, chain(2))).isEmpty();
        assertThat(renewals.ask(right(), Optional.empty())).isPresent();
        assertThat(condemnedKeys()).contains(second.keyId());
        assertThat(read().isRenewalAsked()).isTrue();
        assertThat(read().newKeyPair()).isEmpty();
    }

    @Test
    void a_renewal_is_of_a_credential_in_service_and_by_factors_that_are_still_right() {
        assertThat(credentials.setCertificates(id, chain(1))).isTrue();
        var compared = right();
        assertThat(acted.changePin(right(), "another")).isTrue();
        assertThat(renewals.ask(compared, Optional.of(newKeyPair()))).isEmpty();
        assertThat(acted.suspend(right())).isTrue();
        assertThat(renewals.ask(right(), Optional.of(newKeyPair()))).isEmpty();
        assertThat(read().isRenewalAsked()).isFalse();
    }

    /** Who asked for it may have got at the factors. */
    @Test
    void a_renewal_that_waits_goes_with_another_pin_or_otp_and_with_the_credential_out_of_service() {
        assertThat(credentials.setCertificates(id, chain(1))).isTrue();
        update("update credential set otp_secret = '\\x01' where id = ?");
        List<Supplier<Boolean>> acts = List.of(
                () -> acted.changePin(right(), "another"),
                () -> acted.addNewOtp(right(), new byte[] {2})
                        && acted.replaceOtp(right(), new byte[] {2}, new byte[] {3}),
                () -> acted.suspend(right()),
                () -> acted.suspend(id),
                () -> acted.revoke(right(), SUPERSEDED));
        for (var act : acts) {
            acted.resume(id);
            var key = newKeyPair();
            assertThat(renewals.ask(right(), Optional.of(key))).isPresent();
            var verified = read();
            assertThat(act.get()).isTrue();
            assertThat(read().isRenewalAsked()).isFalse();
            assertThat(read().newKeyPair()).isEmpty();
            assertThat(condemnedKeys()).contains(key.keyId());
            assertThat(renewals.renew(verified, chain(2))).isEmpty();
        }
    }

    @Test
    void an_administrators_revocation_and_a_deletion_condemn_the_key_that_waits() {
        assertThat(credentials.setCertificates(id, chain(1))).isTrue();
        var revoked = newKeyPair();
        assertThat(renewals.ask(right(), Optional.of(revoked))).isPresent();
        assertThat(acted.revoke(id, SUPERSEDED)).isTrue();
        assertThat(condemnedKeys()).contains(revoked.keyId());

        var another = credential();
        var waiting = newKeyPair();
        var credential = credentials.require(another.toString());
        assertThat(renewals.ask(attempts.accept(credential, "acme", MAX_FAILURES, 0), Optional.of(waiting)))
                .isPresent();
        assertThat(condemned.delete(another))
                .extracting(CondemnedKeys.Condemned::keyId)
                .containsExactlyInAnyOrder(credential.keyId(), waiting.keyId());
        assertThat(condemnedKeys()).contains(credential.keyId(), waiting.keyId());
    }

    @Test
    void factors_that_were_compared_for_the_former_key_are_not_accepted_for_the_new_one() {
        assertThat(credentials.setCertificates(id, chain(1))).isTrue();
        var compared = right();
        assertThat(renewals.ask(right(), Optional.of(newKeyPair()))).isPresent();
        assertThat(renewals.renew(read(), chain(2))).isPresent();
        assertThat(authorize(compared)).isNull();
        assertThat(renewals.ask(compared, Optional.empty())).isEmpty();
        assertThat(authorize(right())).isNotNull();
        // Neither depends on the key.
        assertThat(acted.suspend(compared)).isTrue();
        assertThat(condemned.delete(compared)).isNotEmpty();
    }

    @Test
    void a_former_key_is_condemned_in_the_vault_that_it_was_moved_to() {
        assertThat(credentials.setCertificates(id, chain(1))).isTrue();
        var made = newKeyPair();
        assertThat(renewals.ask(right(), Optional.of(made))).isPresent();
        var verified = read();
        move("vault = 'elsewhere', new_vault = 'elsewhere'");

        assertThat(renewals.renew(verified, chain(2)).orElseThrow())
                .extracting(CondemnedKeys.Condemned::vault, CondemnedKeys.Condemned::keyId)
                .containsExactly(tuple("elsewhere", verified.keyId()));
        assertThat(condemned.in("elsewhere"))
                .extracting(CondemnedKeys.Condemned::keyId)
                .contains(verified.keyId());
        assertThat(read().vault()).isEqualTo("elsewhere");
        assertThat(read().keyId()).isEqualTo(made.keyId());
    }

    @Test
    void what_is_taken_back_is_destroyed_in_the_vault_that_it_was_moved_to() {
        assertThat(credentials.setCertificates(id, chain(1))).isTrue();
        var made = Optional.of(newKeyPair());
        assertThat(renewals.ask(right(), made)).isPresent();
        move("new_vault = 'elsewhere'");
        assertThat(renewals.withdraw(id, made).orElseThrow().vault()).isEqualTo("elsewhere");
        assertThat(renewals.withdraw(id, made)).isEqualTo(made);

        var other = credential();
        var keyId = credentials.require(other.toString()).keyId();
        move("vault = 'elsewhere'", other);
        assertThat(credentials.removeKeyPair(other, keyId)).hasValue("elsewhere");
        assertThat(credentials.removeKeyPair(other, keyId)).isEmpty();
    }

    private void move(String to) {
        move(to, id);
    }

    private static void move(String to, UUID credential) {
        assertThat(postgres.database()
                        .statements()
                        .update("update credential set " + to + " where id = ?", row -> row.setObject(1, credential)))
                .isEqualTo(1);
    }

    private static KeyPair newKeyPair() {
        return new KeyPair(ENTROPY.uuid(), "v", KeyAlgorithm.RSA_2048, new byte[] {2}, new byte[] {3});
    }

    private static List<UUID> condemnedKeys() {
        return condemned.in("v").stream().map(CondemnedKeys.Condemned::keyId).toList();
    }

    public static CertificateChain chain(int serialNumber) {
        try {
            var keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var name = new X500Name("CN=jdoe");
            var certificate = new JcaX509v3CertificateBuilder(
                            name,
                            BigInteger.valueOf(serialNumber),
                            Date.from(NOW),
                            Date.from(NOW.plusSeconds(3600)),
                            name,
                            keys.getPublic())
                    .build(new JcaContentSignerBuilder("Ed25519").build(keys.getPrivate()));
            return CertificateChain.ofStored(List.of(certificate.getEncoded()));
        } catch (GeneralSecurityException | OperatorCreationException | IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
