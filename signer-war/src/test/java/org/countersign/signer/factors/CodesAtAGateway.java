package org.countersign.signer.factors;

import static org.countersign.signer.EnrolledHolder.CALLER;
import static org.countersign.signer.EnrolledHolder.ENTROPY;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.prometheus.metrics.core.metrics.Counter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.EnrolledHolder;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.activation.AuthorizeCredential;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeRequest;
import org.countersign.signer.activation.SadTokens;
import org.countersign.signer.acts.ActedCredentials;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.configuration.CodeSettings;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.gateway.Gateway;
import org.countersign.signer.gateway.TestGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A holder to whom a gateway takes one-time codes, on a real PostgreSQL. */
abstract class CodesAtAGateway {

    static final JsonMapper JSON = new JsonMapper();
    static final int THREADS = 16;
    static final int MAX_FAILURES = 3;
    static final String TOO_OFTEN = "slow_down: " + SendCode.TOO_OFTEN;
    static final String WRONG = "invalid_otp: The OTP is invalid";
    static final Duration PAUSE = Duration.ofSeconds(30);

    static TestDatabase postgres;

    @TempDir
    Path folder;

    TestGateway gateway;
    List<JsonNode> messages;
    EnrolledHolder holder;
    SentCodes codes;
    SendCode send;
    AuthorizeCredential authorize;
    Activations activations;
    ActedCredentials acted;

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
        gateway = TestGateway.start();
        messages = gateway.received();
        holder = new EnrolledHolder(
                postgres,
                folder,
                "\"authorizationConfigurations\": [{\"id\": \"code\", \"factors\": [\"PIN\", \"OTP\"],"
                        + " \"otpDelivery\": \"gateway\", \"maxFailures\": " + MAX_FAILURES + "}],"
                        + " \"oneTimeCodes\": {\"perHour\": 4, \"digits\": 8},"
                        + gateway.properties(", \"pushMessageTextTemplate\": \"${CODE}, for ${MINUTES} min\"")
                        + ",",
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

    SendCode send(CodeSettings settings) {
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

    AuthorizeCredential authorize(AuthorizationConfigurations authorizations) {
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
        gateway.close();
    }

    void send() {
        send(CALLER, SendCode.IN_SERVICE);
    }

    void send(Caller caller, Set<CredentialState> states) {
        send.send(caller, holder.id.toString(), states);
    }

    /** The code of the last message. */
    String sent() {
        return messages.get(messages.size() - 1).path("text").asText().split(",")[0];
    }

    String newCode() {
        send();
        return sent();
    }

    void authorize(String pin, String code) {
        var hash = List.of(Base64.getEncoder().encodeToString(new byte[32]));
        authorize.authorize(CALLER, new AuthorizeRequest(holder.id.toString(), 1, hash, pin, code, null));
    }

    long failures() {
        return holder.number("select failures from credential where id = ?");
    }

    static String other(String code) {
        return (code.charAt(0) == '0' ? '1' : '0') + code.substring(1);
    }

    boolean hasCode() {
        return holder.credential().sentCode().isPresent();
    }

    FactorAttempts.Acceptance accepted() {
        return accepted(holder.credential());
    }

    /** As if the factors had compared right. */
    FactorAttempts.Acceptance accepted(Credential compared) {
        return holder.attempts.accept(
                compared, "acme", MAX_FAILURES, new CheckFactors.Right(null, 0, compared.sentCode()));
    }
}
