package org.countersign.signer.activation;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.activation.AuthorizeCredential.WaitingAnswer;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.gateway.Gateway;

/**
 * Asks a holder, whose other factors are right, to approve what is to be signed. The client gets a handle, which is a SAD that
 * opens nothing yet: {@link CheckAuthorization} trades it for one. Asked for the same again, the client gets another handle
 * for the same question, and the holder is not asked twice.
 */
public final class AskForApproval {

    public static final String TOO_LONG = "description must have 500 characters at most";

    private static final int LONGEST_DESCRIPTION = 500;
    private static final int SHOWN = 8;

    private final Approvals approvals;
    private final Gateway gateway;
    private final SadTokens handles;
    private final Duration fetchTime;
    private final Clock clock;
    private final AuditLog audit;

    /** @param fetchTime how long a client may take to fetch what was approved */
    public AskForApproval(
            Approvals approvals, Gateway gateway, SadTokens handles, Duration fetchTime, Clock clock, AuditLog audit) {
        this.approvals = approvals;
        this.gateway = gateway;
        this.handles = handles;
        this.fetchTime = fetchTime;
        this.clock = clock;
        this.audit = audit;
    }

    private static final UUID NONE = new UUID(0, 0);

    /**
     * What the holder is to be asked.
     *
     * @param content tells it from every other question
     * @param request tells it from every question about something else
     */
    record Question(Activation activation, String subject, String text, byte[] content, byte[] request) {}

    private record Shown(String subject, String text, byte[] content) {}

    /**
     * Before any factor is compared, so that nothing of this keeps a right one from being decided upon.
     *
     * @param activation what is to be authorized
     * @throws ProtocolException invalid_request for a description that is too long
     */
    Question question(Credential credential, Activation activation, int number, String description) {
        var text = description == null || description.isBlank() ? "signatures: " + number : description;
        if (text.length() > LONGEST_DESCRIPTION) {
            throw ProtocolException.invalidRequest(TOO_LONG);
        }
        var shown = shown(credential, activation, number, text);
        var request = shown(credential, activation.as(NONE), number, text).content();
        return new Question(activation, shown.subject(), shown.text(), shown.content(), request);
    }

    private Shown shown(Credential credential, Activation activation, int number, String text) {
        var operation = activation.id().toString().substring(0, SHOWN);
        var values = Map.of(
                "NUMERO_DE_OPERACION",
                operation,
                "OPERATION_NUMBER",
                operation,
                "TEXTO_A_FIRMAR",
                text,
                "TEXT_TO_SIGN",
                text,
                "SIGNATURES",
                Integer.toString(number),
                "CLIENT",
                activation.clientId(),
                "SEAT",
                credential.seat().seat(),
                "TENANT",
                credential.seat().tenant());
        var subject = gateway.settings().approvalSubject().filled(values);
        var shown = gateway.settings().approvalText().filled(values);
        return new Shown(subject, shown, Approvals.content(activation, credential.seat(), subject, shown));
    }

    /**
     * @param question as {@link #question} gave it
     * @param key what the holder's other factors opened; still the caller's to close
     * @return empty when the factors are not accepted
     * @throws ProtocolException conflict while the holder is asked something else; temporarily_unavailable
     */
    Optional<WaitingAnswer> ask(
            Caller caller,
            Credential credential,
            Question question,
            int number,
            String description,
            FactorAttempts.Acceptance accepted,
            ActivationKey key) {
        var expiresAt = clock.instant().plus(gateway.settings().answerTime());
        var asked = approvals.ask(
                question.activation(),
                question.content(),
                question.request(),
                accepted,
                expiresAt,
                expiresAt.plus(fetchTime));
        if (!asked.isAccepted()) {
            return Optional.empty();
        }
        if (asked.isStored()) {
            send(caller, credential, question);
            return Optional.of(answer(caller, credential, question, key, expiresAt));
        }
        var waiting = approvals.waiting(credential.id()).orElseThrow(AskForApproval::another);
        if (!MessageDigest.isEqual(waiting.request(), question.request())) {
            throw another();
        }
        var same = question(credential, question.activation().as(waiting.id()), number, description);
        if (approvals.mustSendAgain(waiting.id())) {
            send(caller, credential, same);
        }
        return Optional.of(answer(caller, credential, same, key, waiting.expiresAt()));
    }

    private static ProtocolException another() {
        return new ProtocolException(SignerError.CONFLICT, "Another authorization waits for its holder's approval");
    }

    private void send(Caller caller, Credential credential, Question question) {
        var id = question.activation().id();
        try {
            gateway.ask(id, credential.seat(), question.subject(), question.text(), question.content());
        } catch (RuntimeException notAsked) {
            approvals.withdraw(id);
            audit.append(CredentialEvent.failure("approval.requested", caller, credential)
                    .detail("activation", id));
            throw notAsked;
        }
        approvals.sent(id);
        audit.append(CredentialEvent.success("approval.requested", caller, credential)
                .detail("activation", id)
                .detail("content", Base64.getEncoder().encodeToString(question.content())));
    }

    private WaitingAnswer answer(
            Caller caller, Credential credential, Question question, ActivationKey key, Instant expiresAt) {
        var activation = question.activation();
        var handle = new Sad(
                activation.id(),
                caller.clientId(),
                credential.seat(),
                bound(activation.binding(), question.content()),
                key,
                expiresAt.plus(fetchTime));
        return new WaitingAnswer(
                handles.seal(handle),
                Math.max(1, Duration.between(clock.instant(), expiresAt).toSeconds()));
    }

    /** A handle is of what is authorized and of what is approved, whatever the database says by then. */
    static byte[] bound(byte[] binding, byte[] content) {
        return ByteBuffer.allocate(binding.length + content.length)
                .put(binding)
                .put(content)
                .array();
    }
}
