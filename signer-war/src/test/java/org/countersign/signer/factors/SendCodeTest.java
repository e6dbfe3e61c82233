package org.countersign.signer.factors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.countersign.signer.EnrolledHolder.CALLER;
import static org.countersign.signer.EnrolledHolder.ENTROPY;
import static org.countersign.signer.EnrolledHolder.PIN;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AuditUnavailableException;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.EnrolledHolder;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.activation.AuthorizeCredential;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeRequest;
import org.countersign.signer.activation.SadTokens;
import org.countersign.signer.acts.ActedCredentials;
import org.countersign.signer.acts.HoldersAct;
import org.countersign.signer.acts.SuspendCredential;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.configuration.CodeSettings;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.RevocationReason;
import org.countersign.signer.gateway.Gateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One-time codes that go to their holder through a gateway, on a real PostgreSQL. */
class SendCodeTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int THREADS = 16;
    private static final int MAX_FAILURES = 3;
    private static final String TOO_OFTEN = "slow_down: " + SendCode.TOO_OFTEN;
    private static final String WRONG = "invalid_otp: The OTP is invalid";
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private static TestDatabase postgres;

    @TempDir
    Path folder;

    private final List<JsonNode> messages = Collections.synchronizedList(new ArrayList<>());
    /** 0 hangs up without an answer. */
    private volatile int status = 200;

    private HttpServer gateway;
    private EnrolledHolder holder;
    private SentCodes codes;
    private SendCode send;
    private AuthorizeCredential authorize;
    private Activations activations;
    private ActedCredentials acted;

    @BeforeAll
    static void start() throws Exception {
        postgres = new TestDatabase();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void assemble() throws Exception {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/messages", this::take);
        gateway.start();
        holder = new EnrolledHolder(
                postgres,
                folder,
                "\"authorizationConfigurations\": [{\"id\": \"code\", \"factors\": [\"PIN\", \"OTP\"],"
                        + " \"otpDelivery\": \"gateway\", \"maxFailures\": " + MAX_FAILURES + "}],"
                        + " \"oneTimeCodes\": {\"perHour\": 4, \"digits\": 8},"
                        + " \"didProperties\": {\"url\": \"http://127.0.0.1:"
                        + gateway.getAddress().getPort()
                        + "\", \"clientId\": \"gateway\", \"clientSecret\": \"0123456789abcdef\","
                        + " \"pushMessageTextTemplate\": \"${CODE}, for ${MINUTES} min\"},",
                "code");
        var database = postgres.database();
        var configuration = holder.configuration;
        var settings = configuration.codes();
        codes = new SentCodes(database, holder.clock, settings.pause(), settings.perHour());
        send = send(settings);
        activations = new Activations(database, holder.clock);
        acted = new ActedCredentials(database, holder.clock);
        authorize = authorize(configuration.authorizations());
    }

    private SendCode send(CodeSettings settings) {
        return new SendCode(
                holder.configuration.gateway().map(Gateway::new),
                settings,
                codes,
                holder.credentials,
                holder.configuration.authorizations(),
                new FactorSecrets(holder.master, new Argon2Cost(8, 1), ENTROPY),
                holder.refusals,
                ENTROPY,
                holder.clock,
                holder.audit);
    }

    private AuthorizeCredential authorize(AuthorizationConfigurations authorizations) {
        return new AuthorizeCredential(
                activations,
                Optional.empty(),
                holder.credentials,
                authorizations,
                holder.check,
                holder.attempts,
                holder.refusals,
                holder.usable,
                new SadTokens(new byte[32], ENTROPY, holder.clock),
                Duration.ofMinutes(5),
                ENTROPY,
                holder.clock,
                holder.audit,
                Counter.builder().name("x").help("x").labelNames("x").build());
    }

    @AfterEach
    void close() {
        holder.close();
        gateway.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            messages.add(JSON.readTree(exchange.getRequestBody()));
            if (status == 0) {
                return;
            }
            exchange.sendResponseHeaders(status, 2);
            exchange.getResponseBody().write(new byte[] {'{', '}'});
        }
    }

    private void send() {
        send(CALLER, SendCode.IN_SERVICE);
    }

    private void send(Caller caller, Set<CredentialState> states) {
        send.send(caller, holder.id.toString(), states);
    }

    /** The code of the last message. */
    private String sent() {
        return messages.get(messages.size() - 1).path("text").asText().split(",")[0];
    }

    private String newCode() {
        send();
        return sent();
    }

    private void authorize(String pin, String code) {
        var hash = List.of(Base64.getEncoder().encodeToString(new byte[32]));
        authorize.authorize(CALLER, new AuthorizeRequest(holder.id.toString(), 1, hash, pin, code, null));
    }

    private long failures() {
        return holder.number("select failures from credential where id = ?");
    }

    private static String other(String code) {
        return (code.charAt(0) == '0' ? '1' : '0') + code.substring(1);
    }

    private boolean hasCode() {
        return holder.credential().sentCode().isPresent();
    }

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
        status = 500;
        assertThatThrownBy(this::send)
                .hasMessage("temporarily_unavailable: The holder can not be reached now; try again later");
        assertThat(hasCode()).isFalse();
        assertThatThrownBy(() -> authorize(PIN, sent())).hasMessage(WRONG);
        status = 200;
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
        status = 503;
        for (int i = 0; i < 5; i++) {
            isNotReached();
        }
        assertThat(counted()).isZero();
        status = 200;
        authorize(PIN, newCode());
        assertThat(counted()).isEqualTo(1);
        gateway.stop(0);
        holder.clock.advance(PAUSE);
        isNotReached();
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void what_may_have_reached_the_holder_is_counted() {
        status = 0;
        for (int i = 0; i < 4; i++) {
            isNotReached();
        }
        status = 200;
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

    private FactorAttempts.Acceptance accepted() {
        return accepted(holder.credential());
    }

    /** As if the factors had compared right. */
    private FactorAttempts.Acceptance accepted(Credential compared) {
        return holder.attempts.accept(
                compared, "acme", MAX_FAILURES, new CheckFactors.Right(null, 0, compared.sentCode()));
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
