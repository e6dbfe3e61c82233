package org.countersign.signer.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.countersign.signer.EnrolledHolder.CALLER;
import static org.countersign.signer.EnrolledHolder.ENTROPY;
import static org.countersign.signer.EnrolledHolder.PIN;
import static org.countersign.signer.EnrolledHolder.SEAT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.prometheus.metrics.core.metrics.Counter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.MessageCodes;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.EnrolledHolder;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.activation.AnswerApproval.ApprovalAnswer;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeAnswer;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeRequest;
import org.countersign.signer.activation.AuthorizeCredential.Authorized;
import org.countersign.signer.activation.AuthorizeCredential.WaitingAnswer;
import org.countersign.signer.gateway.Gateway;
import org.countersign.signer.gateway.TestGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits for its holder's approval, with a gateway that takes questions and a database that others write. */
class HoldersApprovalTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration VALIDITY = Duration.ofMinutes(5);
    private static final String OTHER_WAITS = "conflict: Another authorization waits for its holder's approval";

    private static TestDatabase postgres;

    @TempDir
    Path folder;

    private TestGateway gateway;
    private List<JsonNode> questions;
    private EnrolledHolder holder;
    private AuthorizeCredential authorize;
    private CheckAuthorization check;
    private AnswerApproval answers;

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
        questions = gateway.received();
        holder = new EnrolledHolder(
                postgres,
                folder,
                "\"authorizationConfigurations\": [{\"id\": \"push\", \"factors\": [\"PIN\", \"PUSH\"],"
                        + " \"maxFailures\": 3}], " + gateway.properties("") + ",",
                "push");
        var configuration = holder.configuration;
        var database = postgres.database();
        var sadKey = new byte[32];
        var approvals = new Approvals(database, new MessageCodes(new MasterSecret(sadKey), "test"), holder.clock);
        var handles = SadTokens.handles(sadKey, ENTROPY, holder.clock);
        var sads = new SadTokens(sadKey, ENTROPY, holder.clock);
        var asking = new AskForApproval(
                approvals,
                new Gateway(configuration.gateway().orElseThrow()),
                handles,
                VALIDITY,
                holder.clock,
                holder.audit);
        var activated = Counter.builder()
                .name("activated")
                .help("x")
                .labelNames("configuration")
                .build();
        authorize = new AuthorizeCredential(
                new Activations(database, holder.clock),
                Optional.of(asking),
                holder.credentials,
                configuration.authorizations(),
                holder.check,
                holder.attempts,
                holder.refusals,
                holder.usable,
                sads,
                VALIDITY,
                ENTROPY,
                holder.clock,
                holder.audit,
                activated);
        check = new CheckAuthorization(
                approvals,
                handles,
                sads,
                holder.credentials,
                configuration.authorizations(),
                holder.refusals,
                holder.usable,
                VALIDITY,
                holder.clock,
                holder.audit,
                activated);
        answers = new AnswerApproval(
                approvals, holder.attempts, configuration.authorizations(), VALIDITY, holder.clock, holder.audit);
    }

    @AfterEach
    void close() {
        holder.close();
        gateway.close();
    }

    @Test
    void a_right_pin_is_not_told_by_a_description_that_is_too_long() {
        for (var pin : List.of(PIN, "000000")) {
            assertThatThrownBy(() -> ask(pin, "x".repeat(501), new byte[32]))
                    .hasMessage("invalid_request: description must have 500 characters at most");
        }
        assertThat(holder.number("select failures from credential where id = ?"))
                .as("nothing was compared")
                .isZero();
    }

    /** A refusal would be counted for the client that they share. */
    @Test
    void people_in_sessions_ask_for_no_approval() {
        var person = new Caller("acme", CALLER.authorities(), CALLER.seat(), CALLER.expiresAt(), "seat of jdoe");
        var hash = List.of(Base64.getEncoder().encodeToString(new byte[32]));
        var request = new AuthorizeCredential.AuthorizeRequest(holder.id.toString(), 1, hash, PIN, null, "a");
        assertThatThrownBy(() -> authorize.authorize(person, request))
                .hasMessage("invalid_request: " + AuthorizeCredential.NEEDS_APPROVAL);
        assertThat(questions).isEmpty();
    }

    @Test
    void the_answer_is_about_subject_and_text_as_they_were_sent_and_the_hashes() {
        ask(PIN, "a\u0007b", new byte[32]);
        var question = question();
        assertThat(question.path("text").asText()).isEqualTo("acme: a b (1)");
        var activation =
                Activation.ofHashes(id(question), holder.id, "acme", List.of(new byte[32]), holder.clock.instant());
        assertThat(question.path("content").asText())
                .isEqualTo(Base64.getEncoder()
                        .encodeToString(Approvals.content(
                                activation,
                                SEAT,
                                question.path("subject").asText(),
                                question.path("text").asText())));
    }

    @Test
    void who_writes_the_database_approves_nothing() {
        var handle = handle(ask(PIN, "a", new byte[32]));
        holder.update("update approval set state = 'APPROVED' where credential_id = ?");
        assertThatThrownBy(() -> check.check(CALLER, handle)).hasMessageContaining("The handle is invalid");

        // Nor by the code of another's, or of a refusal.
        holder.update("update approval set state = 'PENDING' where credential_id = ?");
        answer(question(), false);
        holder.update("update approval set state = 'APPROVED' where credential_id = ?");
        assertThatThrownBy(() -> check.check(CALLER, handle)).hasMessageContaining("The handle is invalid");
    }

    /** The holder approves one thing, and the client's handle is of another under the same number. */
    @Test
    void who_writes_the_database_has_nothing_else_approved() {
        ask(PIN, "harmless", new byte[32]);
        var harmless = question();
        var other = new byte[32];
        other[0] = 1;
        set("request", content(new UUID(0, 0), other, "00000000"));
        var handle = handle(ask(PIN, "a", other));
        answer(harmless, true);

        assertThatThrownBy(() -> check.check(CALLER, handle)).hasMessageContaining("The handle is invalid");
    }

    private byte[] content(UUID id, byte[] hash, String subject) {
        var activation = Activation.ofHashes(id, holder.id, "acme", List.of(hash), holder.clock.instant());
        return Approvals.content(activation, SEAT, subject, "acme: a (1)");
    }

    private void set(String column, byte[] value) {
        assertThat(postgres.database()
                        .statements()
                        .update("update approval set " + column + " = ? where credential_id = ?", row -> {
                            row.setBytes(1, value);
                            row.setObject(2, holder.id);
                        }))
                .isEqualTo(1);
    }

    @Test
    void refusals_lock_the_credential_like_wrong_factors() {
        for (int refusal = 1; refusal <= 3; refusal++) {
            ask(PIN, "a", new byte[32]);
            answer(question(), false);
            assertThat(holder.number("select failures from credential where id = ?"))
                    .isEqualTo(refusal);
        }
        assertThat(holder.audited("credential.locked")).isEqualTo(1);
        assertThatThrownBy(() -> ask(PIN, "a", new byte[32])).hasMessage("credential_locked: The credential is locked");
        assertThat(questions).hasSize(3);
    }

    @Test
    void an_approval_sets_the_count_back_once_it_is_used() {
        ask(PIN, "a", new byte[32]);
        answer(question(), false);
        var handle = handle(ask(PIN, "a", new byte[32]));
        answer(question(), true);
        assertThat(holder.number("select failures from credential where id = ?"))
                .isEqualTo(1);
        assertThat(check.check(CALLER, handle)).isInstanceOf(AuthorizeAnswer.class);
        assertThat(holder.number("select failures from credential where id = ?"))
                .isZero();
        assertThatThrownBy(() -> check.check(CALLER, handle)).hasMessageContaining("The handle was used");
    }

    @Test
    void the_same_answer_again_has_an_entry_again() {
        ask(PIN, "a", new byte[32]);
        answer(question(), true);
        answer(question(), true);
        assertThat(holder.audited("approval.answered")).isEqualTo(2);
    }

    @Test
    void a_question_that_nobody_sent_is_sent_by_who_asks_again() {
        ask(PIN, "a", new byte[32]);
        assertThat(holder.number("select count(*) from approval where credential_id = ? and sent_at is not null"))
                .isEqualTo(1);
        unsent();
        ask(PIN, "a", new byte[32]);
        assertThat(questions).as("its sender may be at it").hasSize(1);
        holder.clock.advance(Gateway.PATIENCE.multipliedBy(2));
        var handle = handle(ask(PIN, "a", new byte[32]));
        ask(PIN, "a", new byte[32]);
        assertThat(questions).hasSize(2);
        assertThat(questions.get(1)).as("the same one").isEqualTo(questions.get(0));
        answer(question(), true);
        assertThat(check.check(CALLER, handle)).isInstanceOf(AuthorizeAnswer.class);
    }

    @Test
    void a_question_that_nobody_sent_gives_way_to_another() {
        ask(PIN, "a", new byte[32]);
        holder.clock.advance(Gateway.PATIENCE.multipliedBy(2));
        assertThatThrownBy(() -> ask(PIN, "b", new byte[32])).hasMessage(OTHER_WAITS);
        unsent();
        ask(PIN, "b", new byte[32]);
        assertThat(question().path("text").asText()).contains("b");
        assertThat(questions).hasSize(2);
        assertThatThrownBy(() -> ask(PIN, "a", new byte[32])).hasMessage(OTHER_WAITS);
    }

    private void unsent() {
        assertThat(holder.update("update approval set sent_at = null where credential_id = ?"))
                .isEqualTo(1);
    }

    /** As a version does that knows of no approvals. */
    @Test
    void who_ends_authorizations_ends_approvals_though_it_knows_of_none() {
        var handle = handle(ask(PIN, "a", new byte[32]));
        answer(question(), true);
        holder.update("delete from activation where credential_id = ?");
        assertThatThrownBy(() -> check.check(CALLER, handle)).hasMessageContaining("The handle is invalid");
    }

    private Authorized ask(String pin, String description, byte[] hash) {
        return authorize.authorize(
                CALLER,
                new AuthorizeRequest(
                        holder.id.toString(),
                        1,
                        List.of(Base64.getEncoder().encodeToString(hash)),
                        pin,
                        null,
                        description));
    }

    private static String handle(Authorized authorized) {
        return ((WaitingAnswer) authorized).handle();
    }

    private JsonNode question() {
        return questions.get(questions.size() - 1);
    }

    private static UUID id(JsonNode question) {
        return UUID.fromString(question.path("id").asText());
    }

    private void answer(JsonNode question, boolean approved) {
        answers.answer(
                question.path("id").asText(),
                new ApprovalAnswer(approved, question.path("content").asText()));
    }
}
