package org.countersign.signer.activation;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.signer.activation.Approvals.State;
import org.countersign.signer.activation.Approvals.Stored;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.factors.FactorAttempts;

/** Takes a holder's answer from the gateway: the first one decides, the same one may come again. */
public final class AnswerApproval {

    private final Approvals approvals;
    private final FactorAttempts attempts;
    private final AuthorizationConfigurations authorizations;
    private final Duration fetchTime;
    private final Clock clock;
    private final AuditLog audit;

    /** @param fetchTime how long the client may take to fetch what was approved */
    public AnswerApproval(
            Approvals approvals,
            FactorAttempts attempts,
            AuthorizationConfigurations authorizations,
            Duration fetchTime,
            Clock clock,
            AuditLog audit) {
        this.approvals = approvals;
        this.attempts = attempts;
        this.authorizations = authorizations;
        this.fetchTime = fetchTime;
        this.clock = clock;
        this.audit = audit;
    }

    /**
     * As it comes in.
     *
     * @param content base64, as it was sent with the question
     */
    public record ApprovalAnswer(Boolean approved, String content) {}

    /** @throws ProtocolException not_found; conflict when it was answered otherwise, is over, or about something else */
    public void answer(String approvalId, ApprovalAnswer answer) {
        if (answer.approved() == null) {
            throw ProtocolException.invalidRequest("approved is required");
        }
        var id = id(approvalId);
        var content = content(answer.content());
        var state = answer.approved() ? State.APPROVED : State.REFUSED;
        boolean decided = approvals.answer(id, content, state, clock.instant().plus(fetchTime));
        var stored = approvals.find(id).orElseThrow(AnswerApproval::notFound);
        if (decided) {
            answered(id, stored, state);
            if (state == State.REFUSED) {
                count(stored);
            }
            return;
        }
        if (stored.state() == State.PENDING) {
            throw conflict(
                    clock.instant().isBefore(stored.expiresAt())
                            ? "The answer is about something else"
                            : "The time for an answer is over");
        }
        if (stored.state() != state || !MessageDigest.isEqual(stored.content(), content)) {
            throw conflict("Another answer came before");
        }
        // The gateway was not told that it was taken: after a crash there may be no entry of it yet. Twice rather than
        // never.
        answered(id, stored, state);
    }

    private void answered(UUID id, Stored stored, State state) {
        audit.append(event("approval.answered", stored).detail("activation", id).detail("answer", state));
    }

    /** Like a wrong factor: who has the others asks no holder again and again until one gives in. */
    private void count(Stored stored) {
        try {
            int most = authorizations.of(stored.configurationId()).maxFailures();
            if (attempts.wrong(stored.credentialId(), stored.clientId(), most)) {
                audit.append(event("credential.locked", stored));
            }
        } catch (ProtocolException limit) {
            // Reached already: the credential is locked, or the client stopped.
            return;
        }
    }

    private static AuditEvent event(String type, Stored stored) {
        return AuditEvent.success(type)
                .client(stored.clientId())
                .tenant(stored.seat().tenant())
                .seat(stored.seat().seat())
                .credential(stored.credentialId().toString());
    }

    private static UUID id(String text) {
        try {
            var id = UUID.fromString(text);
            if (id.toString().equals(text)) {
                return id;
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        throw notFound();
    }

    private static byte[] content(String text) {
        if (text == null) {
            throw ProtocolException.invalidRequest("content is required");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw ProtocolException.invalidRequest("content must be base64");
        }
    }

    private static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The approval was not found");
    }

    private static ProtocolException conflict(String why) {
        return new ProtocolException(SignerError.CONFLICT, why);
    }
}
