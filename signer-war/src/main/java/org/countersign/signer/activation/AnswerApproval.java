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

/** Takes a holder's answer from the gateway: the first one decides, the same one may come again. */
public final class AnswerApproval {

    private final Approvals approvals;
    private final Duration fetchTime;
    private final Clock clock;
    private final AuditLog audit;

    /** @param fetchTime how long the client may take to fetch what was approved */
    public AnswerApproval(Approvals approvals, Duration fetchTime, Clock clock, AuditLog audit) {
        this.approvals = approvals;
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
            audit.append(AuditEvent.success("approval.answered")
                    .client(stored.clientId())
                    .tenant(stored.seat().tenant())
                    .seat(stored.seat().seat())
                    .credential(stored.credentialId().toString())
                    .detail("activation", id)
                    .detail("answer", state));
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
