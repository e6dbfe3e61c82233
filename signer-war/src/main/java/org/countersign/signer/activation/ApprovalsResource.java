package org.countersign.signer.activation;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.web.OpenToAll;
import org.countersign.signer.activation.AnswerApproval.ApprovalAnswer;
import org.countersign.signer.gateway.Gateway;

/** Holders' answers, from the gateway alone: HTTP Basic with the name and secret of the configuration file. */
@Path("api/v1/approvals")
@OpenToAll
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ApprovalsResource {

    private final Optional<Gateway> gateway;
    private final AnswerApproval answers;
    private final AuditLog audit;

    /** @param gateway empty where there is none; then nobody's answer is taken */
    public ApprovalsResource(Optional<Gateway> gateway, AnswerApproval answers, AuditLog audit) {
        this.gateway = gateway;
        this.answers = answers;
        this.audit = audit;
    }

    @POST
    @Path("{approvalId}")
    public void answer(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @PathParam("approvalId") String approvalId,
            ApprovalAnswer answer) {
        if (!gateway.orElseThrow(ProtocolException::accessDenied).isOwn(authorization)) {
            audit.append(AuditEvent.failure("client.refused").detail("call", "approvals"));
            throw new ProtocolException(OAuth2Error.INVALID_CLIENT, "Bad client credentials");
        }
        if (answer == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        answers.answer(approvalId, answer);
    }
}
