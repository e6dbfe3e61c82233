package org.countersign.signer.activation;

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

    /**
     * @param activation what is to be authorized
     * @param key what the holder's other factors opened; still the caller's to close
     * @return empty when the factors are not accepted
     * @throws ProtocolException conflict while the holder is asked something else; temporarily_unavailable
     */
    Optional<WaitingAnswer> ask(
            Caller caller,
            Credential credential,
            Activation activation,
            int number,
            String description,
            FactorAttempts.Acceptance accepted,
            ActivationKey key) {
        var text = description == null || description.isBlank() ? "signatures: " + number : description;
        if (text.length() > LONGEST_DESCRIPTION) {
            throw ProtocolException.invalidRequest("description must have 500 characters at most");
        }
        var content = Approvals.content(activation, credential.seat(), text);
        var expiresAt = clock.instant().plus(gateway.settings().answerTime());
        var asked = approvals.ask(activation, content, accepted, expiresAt);
        if (!asked.isAccepted()) {
            return Optional.empty();
        }
        if (!asked.isStored()) {
            var waiting = approvals
                    .waiting(credential.id(), caller.clientId(), content)
                    .orElseThrow(() -> new ProtocolException(
                            SignerError.CONFLICT, "Another authorization waits for its holder's approval"));
            return Optional.of(answer(caller, credential, activation.as(waiting.id()), key, waiting.expiresAt()));
        }
        send(caller, credential, activation.id(), number, text, content);
        audit.append(CredentialEvent.success("approval.requested", caller, credential)
                .detail("activation", activation.id())
                .detail("content", Base64.getEncoder().encodeToString(content)));
        return Optional.of(answer(caller, credential, activation, key, expiresAt));
    }

    private void send(Caller caller, Credential credential, UUID id, int number, String text, byte[] content) {
        var operation = id.toString().substring(0, SHOWN);
        try {
            gateway.ask(
                    id,
                    credential.seat(),
                    content,
                    Map.of(
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
                            caller.clientId(),
                            "SEAT",
                            credential.seat().seat(),
                            "TENANT",
                            credential.seat().tenant()));
        } catch (RuntimeException notAsked) {
            approvals.withdraw(id);
            audit.append(CredentialEvent.failure("approval.requested", caller, credential)
                    .detail("activation", id));
            throw notAsked;
        }
    }

    private WaitingAnswer answer(
            Caller caller, Credential credential, Activation activation, ActivationKey key, Instant expiresAt) {
        var handle = new Sad(
                activation.id(),
                caller.clientId(),
                credential.seat(),
                activation.binding(),
                key,
                expiresAt.plus(fetchTime));
        return new WaitingAnswer(
                handles.seal(handle),
                Math.max(1, Duration.between(clock.instant(), expiresAt).toSeconds()));
    }
}
