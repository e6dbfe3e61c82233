package org.countersign.signer.factors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.countersign.signer.EnrolledHolder.CALLER;
import static org.countersign.signer.EnrolledHolder.ENTROPY;
import static org.countersign.signer.EnrolledHolder.PIN;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.countersign.core.error.ProtocolException;
import org.countersign.signer.EnrolledHolder;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.acts.HoldersAct;
import org.countersign.signer.acts.SuspendCredential;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.RevocationReason;
import org.junit.jupiter.api.Test;

/** What one-time codes that were sent are good for. */
class SentCodeTest extends CodesAtAGateway {

    @Test
    void a_code_counts_once_however_many_send_it_at_the_same_moment() throws Exception {
        var code = newCode();

        var results = TestDatabase.atOnce(THREADS, () -> {
            try {
                authorize(PIN, code);
                return "authorized";
            } catch (ProtocolException refused) {
                return refused.code().wireName();
            }
        });

        assertThat(results).filteredOn("authorized"::equals).hasSize(1);
        assertThat(results).containsOnly("authorized", "invalid_otp", "credential_locked");
        assertThat(holder.audited("credential.authorized")).isGreaterThanOrEqualTo(1);
    }

    /** Compared before, decided after: what is compared right is accepted once. */
    @Test
    void what_was_compared_right_by_many_is_accepted_once() throws Exception {
        var code = newCode();
        var compared = holder.credential();
        var configuration = holder.configuration.authorizations().of("code");
        holder.check.compare(compared, configuration, PIN, code).activationKey().close();

        var added = TestDatabase.atOnce(
                THREADS,
                () -> activations.add(
                        Activation.ofNumber(ENTROPY.uuid(), holder.id, "acme", 1, holder.clock.instant()),
                        compared,
                        accepted(compared)));

        assertThat(added.stream().filter(one -> one)).hasSize(1);
    }

    @Test
    void a_wrong_pin_leaves_the_code() {
        var code = newCode();
        assertThatThrownBy(() -> authorize("000000", code)).hasMessage("invalid_pin: The PIN is invalid");
        authorize(PIN, code);
        assertThatThrownBy(() -> authorize(PIN, code)).hasMessage(WRONG);
    }

    @Test
    void wrong_codes_are_counted_and_lock_and_nothing_is_sent_then() {
        var code = newCode();
        for (var wrong : List.of(other(code), "x".repeat(100), code + "0")) {
            assertThatThrownBy(() -> authorize(PIN, wrong)).hasMessage(WRONG);
        }
        assertThat(failures()).isEqualTo(MAX_FAILURES);
        assertThatThrownBy(() -> authorize(PIN, code)).hasMessage("credential_locked: The credential is locked");
        holder.clock.advance(PAUSE);
        assertThatThrownBy(this::send).hasMessage("credential_locked: The credential is locked");
        assertThat(messages).hasSize(1);
    }

    @Test
    void without_a_code_none_is_right() {
        assertThatThrownBy(() -> authorize(PIN, "000000")).hasMessage(WRONG);
        assertThat(failures()).isEqualTo(1);
        assertThatThrownBy(() -> authorize(PIN, null)).hasMessage("invalid_request: OTP is required");
    }

    @Test
    void a_code_expires() {
        var code = newCode();
        var compared = holder.credential();
        holder.clock.advance(Duration.ofSeconds(299));
        holder.check.factors(compared, holder.configuration.authorizations().of("code"), PIN, code);
        holder.clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> authorize(PIN, code)).hasMessage(WRONG);
        // Also one that was compared in time.
        assertThat(activations.add(
                        Activation.ofNumber(ENTROPY.uuid(), holder.id, "acme", 1, holder.clock.instant()),
                        compared,
                        accepted(compared)))
                .isFalse();
    }

    @Test
    void who_writes_the_database_prolongs_none() {
        var code = newCode();
        holder.update("update credential set code_expires_at = code_expires_at + interval '1 hour' where id = ?");
        assertThatThrownBy(() -> authorize(PIN, code)).hasMessage(WRONG);
    }

    @Test
    void of_wrong_codes_at_once_each_counts_until_they_lock() throws Exception {
        var code = newCode();

        var results = TestDatabase.atOnce(THREADS, () -> {
            try {
                authorize(PIN, other(code));
                return "authorized";
            } catch (ProtocolException refused) {
                return refused.code().wireName();
            }
        });

        assertThat(results).filteredOn("invalid_otp"::equals).hasSize(MAX_FAILURES);
        assertThat(results).filteredOn("credential_locked"::equals).hasSize(THREADS - MAX_FAILURES);
        assertThat(failures()).isEqualTo(MAX_FAILURES);
        assertThat(holder.audited("credential.locked")).isEqualTo(1);
    }

    @Test
    void unlocking_ends_the_code_that_was_guessed_at() {
        var code = newCode();
        holder.update("update credential set failures = " + MAX_FAILURES + " where id = ?");
        assertThat(holder.credentials.unlock(holder.id, MAX_FAILURES)).isTrue();
        assertThat(hasCode()).isFalse();
        assertThatThrownBy(() -> authorize(PIN, code)).hasMessage(WRONG);
    }

    /** An administrator suspends it there, which leaves the code. */
    @Test
    void a_code_from_before_a_suspension_by_an_older_version_does_not_outlive_it() {
        newCode();
        holder.update("update credential set state = 'SUSPENDED_BY_ADMINISTRATOR',"
                + " failures = failures + 1000000000 where id = ?");
        assertThat(hasCode()).isTrue();
        assertThat(acted.resume(holder.id)).isTrue();
        assertThat(hasCode()).isFalse();
    }

    private AuthorizationConfigurations changedTo(String factors) throws IOException {
        return EnrolledHolder.configuration(
                        folder,
                        "\"authorizationConfigurations\": [{\"id\": \"code\", \"factors\": [" + factors
                                + "], \"maxFailures\": " + MAX_FAILURES + "}],")
                .authorizations();
    }

    @Test
    void a_code_left_behind_bars_no_factors_without_one() throws IOException {
        newCode();
        authorize = authorize(changedTo("\"PIN\""));
        authorize(PIN, null);
        holder.clock.advance(PAUSE);
        newCode();
        holder.clock.advance(Duration.ofHours(1));
        authorize(PIN, null);
        assertThat(failures()).isZero();
    }

    /** A right PIN is not told from a wrong one, neither by the answer nor by the count. */
    @Test
    void a_configuration_that_asks_for_an_authenticator_nobody_set_up_says_so() throws IOException {
        var authorizations = changedTo("\"PIN\", \"OTP\"");
        authorize = authorize(authorizations);
        var held = new HoldersAct(holder.credentials, authorizations, holder.check, holder.attempts, holder.refusals);
        var suspend = new SuspendCredential(held, null, acted, holder.audit);
        var missing = "conflict: " + Credential.FACTOR_MISSING;
        for (var pin : List.of(PIN, "000000")) {
            assertThatThrownBy(() -> authorize(pin, "000000")).hasMessage(missing);
            assertThatThrownBy(() -> suspend.suspend(CALLER, holder.id.toString(), new SentFactors(pin, "000000")))
                    .hasMessage(missing);
        }
        assertThat(failures()).isZero();
    }

    @Test
    void out_of_service_codes_are_sent_for_acts_of_the_holder_alone() {
        acted.suspend(accepted());
        assertThatThrownBy(this::send).hasMessage("conflict: The credential is suspended");
        assertThat(messages).isEmpty();
        send(CALLER, SendCode.HOLDERS_OWN);
        var resuming = accepted();
        holder.check.factors(
                resuming.credential(), holder.configuration.authorizations().of("code"), PIN, sent());
        assertThat(acted.resume(resuming)).isTrue();
        assertThat(acted.suspend(resuming)).as("the same code").isFalse();

        acted.suspend(holder.id);
        holder.clock.advance(PAUSE);
        assertThatThrownBy(this::send).hasMessage("conflict: The credential was suspended by an administrator");
        send(CALLER, SendCode.HOLDERS_OWN);
        assertThat(acted.resume(accepted())).as("not the holder's").isFalse();
        assertThat(acted.revoke(accepted(), RevocationReason.UNSPECIFIED)).isTrue();
        holder.clock.advance(PAUSE);
        assertThatThrownBy(this::send).hasMessage("conflict: The credential is revoked");
        send(CALLER, SendCode.HOLDERS_OWN);
        holder.check.factors(
                holder.credential(), holder.configuration.authorizations().of("code"), PIN, sent());
        assertThat(messages).hasSize(3);
    }

    @Test
    void what_an_administrator_ends_ends_the_code() {
        newCode();
        acted.suspend(holder.id);
        assertThat(hasCode()).isFalse();
        acted.resume(holder.id);
        holder.clock.advance(PAUSE);
        newCode();
        acted.revoke(holder.id, RevocationReason.UNSPECIFIED);
        assertThat(hasCode()).isFalse();
    }
}
