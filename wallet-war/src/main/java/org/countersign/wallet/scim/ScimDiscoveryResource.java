package org.countersign.wallet.scim;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.specification.Scim;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;

/** What this SCIM service can do (RFC 7644 §4), as documents that come with it. */
@Path("scim/{organisation}/v2")
@Produces(Scim.MEDIA_TYPE)
public final class ScimDiscoveryResource {

    private static final String BASE = "@BASE@";
    private static final String LIST = "{\"schemas\":[\"" + Scim.LIST
            + "\"],\"totalResults\":1,\"startIndex\":1,\"itemsPerPage\":1,\"Resources\":[";

    private final ScimUsers users;
    private final URI issuer;
    private final String configuration = document("service-provider-config.json");
    private final String resourceType = document("resource-type.json");
    private final String schema = document("user-schema.json");

    public ScimDiscoveryResource(ScimUsers users, URI issuer) {
        this.users = users;
        this.issuer = issuer;
    }

    @GET
    @Path("ServiceProviderConfig")
    public byte[] configuration(@Context SecurityContext security, @PathParam("organisation") String organisation) {
        return answer(security, organisation, configuration);
    }

    @GET
    @Path("ResourceTypes")
    public byte[] resourceTypes(@Context SecurityContext security, @PathParam("organisation") String organisation) {
        return answer(security, organisation, list(resourceType));
    }

    @GET
    @Path("ResourceTypes/{name}")
    public byte[] resourceType(
            @Context SecurityContext security,
            @PathParam("organisation") String organisation,
            @PathParam("name") String name) {
        return one(security, organisation, name, "User", resourceType);
    }

    @GET
    @Path("Schemas")
    public byte[] schemas(@Context SecurityContext security, @PathParam("organisation") String organisation) {
        return answer(security, organisation, list(schema));
    }

    @GET
    @Path("Schemas/{name}")
    public byte[] schema(
            @Context SecurityContext security,
            @PathParam("organisation") String organisation,
            @PathParam("name") String name) {
        return one(security, organisation, name, Scim.USER, schema);
    }

    private byte[] one(SecurityContext security, String organisation, String name, String known, String document) {
        var answer = answer(security, organisation, document);
        if (!name.equals(known)) {
            throw new ProtocolException(OAuth2Error.NOT_FOUND, "There is nothing at this address");
        }
        return answer;
    }

    private byte[] answer(SecurityContext security, String organisation, String document) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        var id = ScimUsersResource.id(organisation);
        users.requireOrganisation(id);
        return document.replace(BASE, issuer + "/scim/" + id + "/v2").getBytes(StandardCharsets.UTF_8);
    }

    private static String list(String one) {
        return LIST + one + "]}";
    }

    private static String document(String name) {
        try (var in = ScimDiscoveryResource.class.getResourceAsStream("/scim/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
