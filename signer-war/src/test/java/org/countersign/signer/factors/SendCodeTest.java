package org.countersign.signer.factors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.countersign.signer.EnrolledHolder.CALLER;
import static org.countersign.signer.EnrolledHolder.ENTROPY;
import static org.countersign.signer.EnrolledHolder.PIN;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.configuration.CodeSettings;
import org.junit.jupiter.api.Test;

/** How one-time codes are sent. */
class SendCodeTest extends CodesAtAGateway {

    @Test
    void a_code_is_in_the_message_and_nowhere_else() {
        var code = newCode();

        assertThat(code).matches("\\d{8}");
        var message = messages.get(0);
        assertThat(message.path("text").asText()).isEqualTo(code + ", for 5 min");
        assertThat(message.path("subject").asText())
                .isEqualTo(message.path("id").asText().substring(0, 8));
        assertThat(message.path("tenant").asText() + " " + message.path("seat").asText())
                .isEqualTo("acme jdoe");
        assertThat(holder.credential().sentCode().orElseThrow().hash())
                .hasSize(48)
                .isNotEqualTo(code.getBytes(StandardCharsets.US_ASCII));
        assertThat(holder.audited("otp.sent")).isEqualTo(1);
        assertThat(holder.number("select count(*) from audit_entry where credential = ?::uuid::text and details::text"
                        + " ~ '(^|[^0-9a-f])" + code + "([^0-9a-f]|$)'"))
                .isZero();
        authorize(PIN, code);
        assertThat(hasCode()).isFalse();
    }

    @Test
    void codes_are_drawn() {
        var drawn = new java.util.HashSet<String>();
        for (int i = 0; i < 4; i++) {
            drawn.add(newCode());
            holder.clock.advance(PAUSE);
        }
        assertThat(drawn).hasSizeGreaterThan(1);
    }

    @Test
    void a_new_code_takes_the_place_of_the_one_before() {
        var former = newCode();
        var compared = holder.credential();
        holder.clock.advance(PAUSE);
        var code = newCode();
        // Also of one that was compared before.
        assertThat(activations.add(
                        Activation.ofNumber(ENTROPY.uuid(), holder.id, "acme", 1, holder.clock.instant()),
                        compared,
                        accepted(compared)))
                .isFalse();
        if (!former.equals(code)) {
            assertThatThrownBy(() -> authorize(PIN, former)).hasMessage(WRONG);
        }
        authorize(PIN, code);
    }

    @Test
    void of_calls_at_once_one_sends() throws Exception {
        var results = TestDatabase.atOnce(THREADS, () -> {
            try {
                send();
                return "sent";
            } catch (ProtocolException refused) {
                return refused.getMessage();
            }
        });
        assertThat(results).filteredOn("sent"::equals).hasSize(1);
        assertThat(results).containsOnly("sent", TOO_OFTEN);
        assertThat(messages).hasSize(1);
    }

    @Test
    void codes_come_neither_too_fast_nor_too_often() {
        send();
        holder.clock.advance(Duration.ofSeconds(10));
        assertThatThrownBy(this::send)
                .hasMessage(TOO_OFTEN)
                .satisfies(refused -> assertThat(((ProtocolException) refused).retryAfter())
                        .hasValueSatisfying(wait -> assertThat(wait.toSeconds()).isEqualTo(20)));
        for (int i = 0; i < 3; i++) {
            holder.clock.advance(PAUSE);
            send();
        }
        holder.clock.advance(Duration.ofMinutes(10));
        assertThatThrownBy(this::send)
                .hasMessage(TOO_OFTEN)
                .satisfies(refused -> assertThat(((ProtocolException) refused).retryAfter())
                        .hasValueSatisfying(
                                wait -> assertThat(wait).isBetween(Duration.ofMinutes(45), Duration.ofMinutes(50))));
        assertThat(messages).hasSize(4);
        holder.clock.advance(Duration.ofMinutes(50));
        send();
        assertThat(messages).hasSize(5);
        assertThat(holder.number("select count(*) from audit_entry where type = 'otp.sent' and outcome = 'failure'"
                        + " and credential = ?::uuid::text"))
                .isEqualTo(2);
    }

    @Test
    void with_the_gateway_away_there_is_no_code_and_the_next_may_be_sent_at_once() {
        gateway.status(500);
        assertThatThrownBy(this::send)
                .hasMessage("temporarily_unavailable: The holder can not be reached now; try again later");
        assertThat(hasCode()).isFalse();
        assertThatThrownBy(() -> authorize(PIN, sent())).hasMessage(WRONG);
        gateway.status(200);
        authorize(PIN, newCode());
    }

    private void isNotReached() {
        assertThatThrownBy(this::send)
                .hasMessage("temporarily_unavailable: The holder can not be reached now; try again later");
        assertThat(hasCode()).isFalse();
    }

    private long counted() {
        return holder.number("select codes_sent from credential where id = ?");
    }

    @Test
    void what_certainly_reached_nobody_is_not_counted() {
        gateway.status(503);
        for (int i = 0; i < 5; i++) {
            isNotReached();
        }
        assertThat(counted()).isZero();
        gateway.status(200);
        authorize(PIN, newCode());
        assertThat(counted()).isEqualTo(1);
        gateway.close();
        holder.clock.advance(PAUSE);
        isNotReached();
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void what_may_have_reached_the_holder_is_counted() {
        gateway.status(0);
        for (int i = 0; i < 4; i++) {
            isNotReached();
        }
        gateway.status(200);
        assertThatThrownBy(this::send).hasMessage(TOO_OFTEN);
        assertThat(counted()).isEqualTo(4);
    }

    @Test
    void what_is_taken_back_is_no_newer_code() {
        newCode();
        var former = holder.credential().sentCode().orElseThrow();
        holder.clock.advance(PAUSE);
        var code = newCode();
        codes.withdraw(holder.id, former, true);
        assertThat(counted()).isEqualTo(2);
        assertThatThrownBy(this::send).hasMessage(TOO_OFTEN);
        authorize(PIN, code);
    }

    @Test
    void none_is_stored_for_what_was_locked_or_suspended_meanwhile() {
        var read = holder.credential();
        var code = new SentCode(new byte[48], holder.clock.instant().plusSeconds(60));
        acted.suspend(holder.id);
        assertThat(codes.store(read, code, MAX_FAILURES)).isFalse();
        acted.resume(holder.id);
        holder.update("update credential set failures = " + MAX_FAILURES + " where id = ?");
        assertThat(codes.store(read, code, MAX_FAILURES)).isFalse();
        assertThat(hasCode()).isFalse();
        holder.credentials.unlock(holder.id, MAX_FAILURES);
        assertThat(codes.store(read, code, MAX_FAILURES)).isTrue();
    }

    @Test
    void with_the_audit_log_away_there_is_no_code() {
        holder.audit.close();
        assertThatThrownBy(this::send).isInstanceOf(AuditUnavailableException.class);
        assertThat(messages).hasSize(1);
        assertThat(hasCode()).isFalse();
    }

    @Test
    void a_client_that_sent_too_many_wrong_factors_has_nothing_sent() throws Exception {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute("delete from client_throttle");
            statement.execute("insert into client_throttle (client_id, window_start, failures) values ('acme', '"
                    + holder.clock.instant() + "', 1000)");
            try {
                assertThatThrownBy(this::send)
                        .hasMessage("slow_down: The client sent too many wrong factors; try again later");
            } finally {
                statement.execute("delete from client_throttle");
            }
        }
        assertThat(messages).isEmpty();
        assertThat(hasCode()).isFalse();
    }

    @Test
    void a_holder_is_promised_no_more_minutes_than_there_are() {
        for (var seconds : List.of(30, 60, 119, 120)) {
            var settings = new CodeSettings(Duration.ofSeconds(seconds), 6, Duration.ofSeconds(1), 10);
            send(settings).send(CALLER, holder.id.toString(), SendCode.IN_SERVICE);
            holder.clock.advance(PAUSE);
        }
        assertThat(messages)
                .extracting(message -> message.path("text").asText().split(", ")[1])
                .containsExactly("for 1 min", "for 1 min", "for 1 min", "for 2 min");
    }

    @Test
    void who_may_not_see_the_credential_has_nothing_sent() {
        var stranger = new Caller(
                "acme", CALLER.authorities(), Optional.of(new SeatName("other", "acme")), CALLER.expiresAt());
        assertThatThrownBy(() -> send(stranger, SendCode.IN_SERVICE))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refused -> assertThat(refused.code()).isEqualTo(OAuth2Error.NOT_FOUND));
        assertThat(messages).isEmpty();
    }
}
