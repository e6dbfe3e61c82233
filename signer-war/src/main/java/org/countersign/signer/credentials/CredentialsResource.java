package org.countersign.signer.credentials;

import com.fasterxml.jackson.annotation.JsonAlias;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.UUID;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.CreateCredential.CreateRequest;
import org.countersign.signer.credentials.DescribeCredential.Certificates;
import org.countersign.signer.credentials.DescribeCredential.Description;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.PinPolicy;

/** Credentials in the seed's dialect: create, list, info, unlock; and the authorization configurations to choose from. */
@Path("api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class CredentialsResource {

    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final CreateCredential create;
    private final DescribeCredential describe;
    private final AuditLog audit;

    public CredentialsResource(
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            CreateCredential create,
            DescribeCredential describe,
            AuditLog audit) {
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.create = create;
        this.describe = describe;
        this.audit = audit;
    }

    /** The identifiers of a seat's credentials. */
    public record CredentialList(List<String> credentialIds) {}

    /** Which credential, and how much of it to show. */
    public record InfoRequest(
            @JsonAlias("credentialID") String credentialId, String certificates, Boolean certInfo, Boolean authInfo) {}

    /**
     * What a credential can be created with.
     *
     * @param otpDelivery absent where there is no OTP
     */
    public record ConfigurationDescription(
            String id,
            String type,
            List<Factor> factors,
            PinPolicy pinPolicy,
            int maxFailures,
            int scal,
            String otpDelivery) {

        static ConfigurationDescription of(AuthorizationConfiguration configuration) {
            return new ConfigurationDescription(
                    configuration.id(),
                    configuration.type(),
                    configuration.factors().stream().sorted().toList(),
                    configuration.asksFor(Factor.PIN) ? configuration.pinPolicy() : null,
                    configuration.maxFailures(),
                    configuration.scal(),
                    configuration.asksFor(Factor.OTP)
                            ? configuration.otpDelivery().toString()
                            : null);
        }
    }

    @GET
    @Path("authorization-configurations")
    public List<ConfigurationDescription> configurations(@Context SecurityContext security) {
        Caller.of(security).require(ApiGroup.GENERATOR);
        return authorizations.all().stream().map(ConfigurationDescription::of).toList();
    }

    @POST
    @Path("credentials")
    public Response create(@Context SecurityContext security, CreateRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.GENERATOR);
        return Response.status(Response.Status.CREATED)
                .entity(create.create(caller, required(request)))
                .build();
    }

    /** The credentials of the token's seat; those without a certificate are not ready to be listed. */
    @POST
    @Path("credentials/list")
    @Consumes(MediaType.WILDCARD)
    public CredentialList list(@Context SecurityContext security) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.LISTER);
        return new CredentialList(credentials.listOf(caller.requireSeat()).stream()
                .map(UUID::toString)
                .toList());
    }

    @POST
    @Path("credentials/info")
    public Description info(@Context SecurityContext security, InfoRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.LISTER);
        var seat = caller.requireSeat();
        if (required(request).credentialId() == null || request.credentialId().isEmpty()) {
            throw ProtocolException.invalidRequest("credentialId is required");
        }
        var certificates = Certificates.parse(request.certificates());
        var credential = credentials.requireOf(seat, request.credentialId());
        return describe.describe(
                credential,
                authorizations.of(credential.configurationId()),
                certificates,
                Boolean.TRUE.equals(request.certInfo()),
                Boolean.TRUE.equals(request.authInfo()));
    }

    /** The administrator's act after too many wrong factors. */
    @POST
    @Path("credentials/{credentialId}/unlock")
    @Consumes(MediaType.WILDCARD)
    public void unlock(@Context SecurityContext security, @PathParam("credentialId") String credentialId) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OAUTH_ADMIN);
        var tenants = caller.authorities().tenants();
        // An administrator without tenants is the whole context's.
        var credential = credentials.requireIn(tenants, credentialId);
        var configuration = authorizations.of(credential.configurationId());
        if (!credentials.unlock(credential.id(), configuration.maxFailures())) {
            throw new ProtocolException(SignerError.CONFLICT, "The credential is not locked");
        }
        audit.append(CredentialEvent.success("credential.unlocked", caller, credential));
    }

    private static <T> T required(T request) {
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return request;
    }
}
