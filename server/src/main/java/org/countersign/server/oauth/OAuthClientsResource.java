package org.countersign.server.oauth;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.Scope;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.web.Page;

/** Client administration (seed, "OAuth Clients"). Secrets come in and never go out. */
@Path("api/v1/oauth-clients")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class OAuthClientsResource {

    private final OAuthClients clients;
    private final AuditLog audit;

    public OAuthClientsResource(OAuthClients clients, AuditLog audit) {
        this.clients = clients;
        this.audit = audit;
    }

    /** A client without its secret; {@code accessTokenValidity} in seconds. */
    public record ClientDescription(
            String clientId,
            String authorizedGrantTypes,
            int accessTokenValidity,
            String authorities,
            String defaultScope) {

        static ClientDescription of(OAuthClient client, OAuthClients clients) {
            return new ClientDescription(
                    client.clientId(),
                    client.authorizedGrantTypes(),
                    client.accessTokenValidity(),
                    client.authorities(clients.tenants()).toString(),
                    scope(client.defaultSeat()));
        }
    }

    @GET
    public List<ClientDescription> list(
            @Context SecurityContext security,
            @QueryParam("page") Integer number,
            @QueryParam("pageSize") Integer size) {
        administrator(security);
        var page = Page.of(number, size);
        return clients.list(page.first(), page.size()).stream()
                .map(client -> ClientDescription.of(client, clients))
                .toList();
    }

    @GET
    @Path("{clientId}")
    public ClientDescription get(@Context SecurityContext security, @PathParam("clientId") String clientId) {
        administrator(security);
        return ClientDescription.of(clients.find(clientId).orElseThrow(OAuthClientsResource::notFound), clients);
    }

    @POST
    public Response create(@Context SecurityContext security, ClientRequest request) {
        var administrator = administrator(security);
        var registration = ClientRequest.required(request).registration(clients.tenants(), true);
        if (!clients.add(registration, request.clientSecret())) {
            throw ProtocolException.invalidRequest("The client already exists");
        }
        record(administrator, "client.created", registration.clientId());
        return Response.status(Response.Status.CREATED)
                .entity(described(registration))
                .build();
    }

    /** Replaces everything but the identifier; without {@code clientSecret} the client keeps the one it has. */
    @PUT
    @Path("{clientId}")
    public ClientDescription replace(
            @Context SecurityContext security, @PathParam("clientId") String clientId, ClientRequest request) {
        var administrator = administrator(security);
        var registration = ClientRequest.required(request).of(clientId).registration(clients.tenants(), false);
        if (!clients.replace(registration, Optional.ofNullable(request.clientSecret()))) {
            throw notFound();
        }
        record(administrator, "client.replaced", clientId);
        return described(registration);
    }

    @DELETE
    @Path("{clientId}")
    public void remove(@Context SecurityContext security, @PathParam("clientId") String clientId) {
        var administrator = administrator(security);
        if (!clients.remove(clientId)) {
            throw notFound();
        }
        record(administrator, "client.removed", clientId);
    }

    private static Caller administrator(SecurityContext security) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OAUTH_ADMIN);
        return caller;
    }

    private void record(Caller administrator, String type, String clientId) {
        audit.append(AuditEvent.success(type).client(administrator.clientId()).detail("subject", clientId));
    }

    private static ClientDescription described(ClientRegistration registration) {
        return new ClientDescription(
                registration.clientId(),
                registration.authorizedGrantTypes(),
                (int) registration.accessTokenValidity().toSeconds(),
                registration.authorities().toString(),
                scope(registration.defaultSeat()));
    }

    private static String scope(Optional<SeatName> seat) {
        return seat.map(name -> new Scope(Optional.of(name)).toString()).orElse(null);
    }

    private static ProtocolException notFound() {
        return new ProtocolException(OAuth2Error.NOT_FOUND, "The client was not found");
    }
}
