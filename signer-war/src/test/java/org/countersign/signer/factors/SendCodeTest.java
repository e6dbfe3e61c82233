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
    private volatile int status = 200;
    private HttpServer gateway;
    private EnrolledHolder holder;
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
        var codes = configuration.codes();
        send = new SendCode(
                configuration.gateway().map(Gateway::new),
                codes,
                new SentCodes(database, holder.clock, codes.pause(), codes.perHour()),
                holder.credentials,
                configuration.authorizations(),
                new FactorSecrets(holder.master, new Argon2Cost(8, 1), ENTROPY),
                holder.refusals,
                ENTROPY,
                holder.clock,
                holder.audit);
        activations = new Activations(database, holder.clock);
        acted = new ActedCredentials(database, holder.clock);
        authorize = new AuthorizeCredential(
                activations,
                Optional.empty(),
                holder.credentials,
                configuration.authorizations(),
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
                        holder.attempts.accept(compared, "acme", MAX_FAILURES, 0)));

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
                        holder.attempts.accept(compared, "acme", MAX_FAILURES, 0)))
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
                        holder.attempts.accept(compared, "acme", MAX_FAILURES, 0)))
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
        assertThat(holder.number("select codes_sent from credential where id = ?"))
                .as("it may have been sent")
                .isEqualTo(2);
    }

    @Test
    void out_of_service_nothing_is_sent_but_to_who_suspended_it() {
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
        for (var states : List.of(SendCode.IN_SERVICE, SendCode.HOLDERS_OWN)) {
            assertThatThrownBy(() -> send(CALLER, states))
                    .hasMessage("conflict: The credential was suspended by an administrator");
        }
        acted.revoke(holder.id, RevocationReason.UNSPECIFIED);
        assertThatThrownBy(() -> send(CALLER, SendCode.HOLDERS_OWN)).hasMessage("conflict: The credential is revoked");
        assertThat(messages).hasSize(1);
    }

    private FactorAttempts.Acceptance accepted() {
        return holder.attempts.accept(holder.credential(), "acme", MAX_FAILURES, 0);
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
