package org.countersign.signer.wizard;

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
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.console.AuditTrail;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.wizard.DescribeToHolder.HolderCredential;

/** What a holder sees of the own seat: its credentials, also those that are being set up, and what was done by it. */
@Path("api/v1/holder")
@Produces(MediaType.APPLICATION_JSON)
public final class HolderResource {

    /** Entries of the audit log may be long. */
    private static final int MOST_ENTRIES = 100;

    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final DescribeToHolder describe;
    private final AuditTrail trail;

    public HolderResource(
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            DescribeToHolder describe,
            AuditTrail trail) {
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.describe = describe;
        this.trail = trail;
    }

    /**
     * What was done by the seat, or for it.
     *
     * @param at ISO 8601
     * @param outcome {@code success} or {@code failure}
     * @param client who called; of a sign-in, the person
     */
    public record HistoryEntry(
            String at, String type, String outcome, String client, String credentialId, Map<String, String> details) {

        static HistoryEntry of(AuditTrail.Entry entry) {
            return new HistoryEntry(
                    entry.at().toInstant().toString(),
                    entry.type(),
                    entry.outcome(),
                    entry.client(),
                    entry.credential(),
                    entry.details());
        }
    }

    /** The newest first. */
    @GET
    @Path("credentials")
    public List<HolderCredential> credentials(
            @Context SecurityContext security,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        var caller = Caller.of(security);
        return credentials.everyOf(seat(caller), Page.of(page, pageSize)).stream()
                // One that was begun may have a configuration that is gone from the file: nobody can go on with it.
                .flatMap(credential -> authorizations
                        .find(credential.configurationId())
                        .map(configuration -> describe.describe(caller, credential, configuration))
                        .stream())
                .toList();
    }

    /** The newest first. */
    @GET
    @Path("history")
    public List<HistoryEntry> history(
            @Context SecurityContext security,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        return trail.ofSeat(seat(Caller.of(security)), Page.of(page, pageSize, MOST_ENTRIES)).stream()
                .map(HistoryEntry::of)
                .toList();
    }

    /** Of people alone: what an application does not have to know of the seat it does not learn here. */
    private static SeatName seat(Caller caller) {
        if (!caller.isPerson()) {
            throw ProtocolException.accessDenied();
        }
        caller.require(ApiGroup.LISTER);
        return caller.requireSeat();
    }
}
