package org.countersign.server.console;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Map;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.listing.Filter;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;

/** The audit log, for auditors. */
@Path("admin/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
public final class AuditTrailResource {

    private final AuditTrail trail;

    public AuditTrailResource(AuditTrail trail) {
        this.trail = trail;
    }

    /**
     * An entry of the audit log.
     *
     * @param at as RFC 3339 has it, in UTC
     * @param outcome {@code success} or {@code failure}
     * @param client an OAuth client, or {@code user:} and a user of the console; absent when it was neither
     */
    public record AuditEntryDescription(
            String at, String type, String outcome, String client, Map<String, String> details) {

        static AuditEntryDescription of(AuditTrail.Entry entry) {
            return new AuditEntryDescription(
                    entry.at().toInstant().toString(), entry.type(), entry.outcome(), entry.client(), entry.details());
        }
    }

    /**
     * The newest first.
     *
     * @param type the beginning of a type, such as {@code device}
     */
    @GET
    public List<AuditEntryDescription> list(
            @Context SecurityContext security,
            @QueryParam("type") String type,
            @QueryParam("client") String client,
            @QueryParam("outcome") String outcome,
            @QueryParam("from") String from,
            @QueryParam("to") String to,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        Caller.of(security).require(ApiGroup.AUDITOR);
        if (outcome != null && !outcome.equals("success") && !outcome.equals("failure")) {
            throw ProtocolException.invalidRequest("outcome must be success or failure");
        }
        var filter = new Filter()
                .with("starts_with(type, ?)", Filter.text("type", type))
                .with("client = ?", Filter.text("client", client))
                .with("outcome = ?", outcome)
                .with("at >= ?", Filter.time("from", from))
                .with("at < ?", Filter.time("to", to));
        return trail.list(filter, Page.of(page, pageSize)).stream()
                .map(AuditEntryDescription::of)
                .toList();
    }
}
