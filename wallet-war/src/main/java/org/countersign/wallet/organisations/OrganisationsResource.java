package org.countersign.wallet.organisations;

import jakarta.ws.rs.Consumes;
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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.listing.Filter;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;
import org.countersign.wallet.keyattestations.KeyLevel;

/** Organisations, for operators. */
@Path("admin/v1/organisations")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class OrganisationsResource {

    private static final int LONGEST_NAME = 100;

    private final Organisations organisations;
    private final boolean keysVerified;
    private final boolean compatible;
    private final AuditLog audit;

    /**
     * @param keysVerified whether the configuration says whose word on keys counts
     * @param compatible whether it has the compatibility profile
     */
    public OrganisationsResource(
            Organisations organisations, boolean keysVerified, boolean compatible, AuditLog audit) {
        this.organisations = organisations;
        this.keysVerified = keysVerified;
        this.compatible = compatible;
        this.audit = audit;
    }

    /** @param name 1 to 100 characters, none of them a control character; unique */
    public record OrganisationRequest(String name) {}

    /** @param createdAt as RFC 3339 has it, in UTC */
    public record OrganisationDescription(UUID id, String name, String createdAt) {

        static OrganisationDescription of(Organisation organisation) {
            return new OrganisationDescription(
                    organisation.id(),
                    organisation.name(),
                    organisation.createdAt().toString());
        }
    }

    /** @param required none, trusted_environment or secure_processor */
    public record KeyPolicy(String required) {}

    /** @param allowed whether wallets of the app as it was shipped before may begin and go on */
    public record CompatibilityPolicy(Boolean allowed) {}

    /**
     * Either {@code did} and {@code vm}, or {@code clientId} and {@code kid}, or nothing.
     *
     * @param did 254 characters at most
     * @param vm the DID URL of a verification method, {@code did} and a fragment
     * @param clientId by which those whom the company deals with know it: 1 to 254 printable characters
     * @param kid of one of its keys, not revoked
     */
    public record CompanySignatureDescription(String did, String vm, String clientId, String kid) {

        static CompanySignatureDescription of(Optional<CompanySignature> signature) {
            var known = signature.orElse(null);
            if (known instanceof CompanySignature.Did did) {
                return new CompanySignatureDescription(did.did(), did.vm(), null, null);
            }
            return known instanceof CompanySignature.HeldKey key
                    ? new CompanySignatureDescription(null, null, key.clientId(), key.kid())
                    : new CompanySignatureDescription(null, null, null, null);
        }
    }

    @POST
    public Response add(@Context SecurityContext security, OrganisationRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var organisation = organisations.add(name(request));
        audit.append(AuditEvent.success("organisation.created")
                .client(caller.clientId())
                .detail("organisation", organisation.id()));
        return Response.status(Response.Status.CREATED)
                .entity(OrganisationDescription.of(organisation))
                .build();
    }

    private static String name(OrganisationRequest request) {
        var name = request.name() == null ? "" : request.name().strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ProtocolException.invalidRequest(
                    "name must have 1 to " + LONGEST_NAME + " characters, none of them a control character");
        }
        return name;
    }

    /**
     * By name, a page at a time.
     *
     * @param name the beginning of one, whatever its case
     */
    @GET
    public List<OrganisationDescription> list(
            @Context SecurityContext security,
            @QueryParam("name") String name,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        var filter = new Filter().with("starts_with(lower(name), lower(?))", Filter.text("name", name));
        return organisations.list(filter, Page.of(page, pageSize)).stream()
                .map(OrganisationDescription::of)
                .toList();
    }

    @GET
    @Path("{id}")
    public OrganisationDescription show(@Context SecurityContext security, @PathParam("id") UUID id) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return OrganisationDescription.of(organisations.require(id));
    }

    /** What the configuration of its users' wallets says. */
    @GET
    @Path("{id}/profile")
    public byte[] profile(@Context SecurityContext security, @PathParam("id") UUID id) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return organisations.profile(id).json().getBytes(StandardCharsets.UTF_8);
    }

    /** Wallets have it when they fetch their configuration the next time. */
    @PUT
    @Path("{id}/profile")
    public byte[] configure(@Context SecurityContext security, @PathParam("id") UUID id, byte[] body) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        var profile = Profile.parse(body);
        organisations.configure(id, profile);
        audit.append(AuditEvent.success("organisation.configured")
                .client(caller.clientId())
                .detail("organisation", id)
                .detail("profile", profile.json()));
        return profile.json().getBytes(StandardCharsets.UTF_8);
    }

    /** How it signs as a company; empty when it says nothing of it, or its key was revoked. */
    @GET
    @Path("{id}/company-signature")
    public CompanySignatureDescription companySignature(@Context SecurityContext security, @PathParam("id") UUID id) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return CompanySignatureDescription.of(organisations.companySignature(id));
    }

    /** Wallets of legal persons are told when they fetch their configuration the next time. */
    @PUT
    @Path("{id}/company-signature")
    public CompanySignatureDescription signBy(
            @Context SecurityContext security, @PathParam("id") UUID id, CompanySignatureDescription request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var did = CompanySignature.Did.parse(request.did(), request.vm());
        var event = AuditEvent.success("organisation.company-signature")
                .client(caller.clientId())
                .detail("organisation", id);
        if (request.clientId() == null && request.kid() == null && (did.isPresent() || says(request) == 0)) {
            organisations.signBy(id, did);
            audit.append(did.map(named -> event.detail("method", named.vm())).orElse(event));
        } else if (says(request) == 2
                && CompanySignature.HeldKey.isClientId(request.clientId())
                && CompanySignature.HeldKey.isKid(request.kid())) {
            organisations.signByKey(id, request.clientId(), request.kid());
            audit.append(event.detail("kid", request.kid()));
        } else {
            throw ProtocolException.invalidRequest(
                    "A company signature is a did with its method vm, a clientId with the kid of a key, or nothing");
        }
        return CompanySignatureDescription.of(organisations.companySignature(id));
    }

    /** How well its users' wallets are to keep their attestation keys. */
    @GET
    @Path("{id}/key-policy")
    public KeyPolicy keyPolicy(@Context SecurityContext security, @PathParam("id") UUID id) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return new KeyPolicy(organisations.requiredKey(id).text());
    }

    /** Holds for wallets that begin from now on, and for those that want a fresh attestation. */
    @PUT
    @Path("{id}/key-policy")
    public KeyPolicy requireKey(@Context SecurityContext security, @PathParam("id") UUID id, KeyPolicy request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var level = KeyLevel.parse(request.required())
                .orElseThrow(() -> ProtocolException.invalidRequest(
                        "required must be none, trusted_environment or secure_processor"));
        if (level != KeyLevel.NONE && !keysVerified) {
            throw ProtocolException.invalidRequest("This provider verifies no key attestations");
        }
        organisations.requireKey(id, level);
        audit.append(AuditEvent.success("organisation.key-policy")
                .client(caller.clientId())
                .detail("organisation", id)
                .detail("required", level.text()));
        return new KeyPolicy(level.text());
    }

    /** Whether its users may have wallets of the app as it was shipped before. */
    @GET
    @Path("{id}/compatibility")
    public CompatibilityPolicy compatibility(@Context SecurityContext security, @PathParam("id") UUID id) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return new CompatibilityPolicy(organisations.allowsShippedApp(id));
    }

    /** Holds at once, for wallets that are there already too. */
    @PUT
    @Path("{id}/compatibility")
    public CompatibilityPolicy allowShippedApp(
            @Context SecurityContext security, @PathParam("id") UUID id, CompatibilityPolicy request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        if (request == null || request.allowed() == null) {
            throw ProtocolException.invalidRequest("allowed must be true or false");
        }
        if (request.allowed() && !compatible) {
            throw ProtocolException.invalidRequest("This provider has no compatibility profile");
        }
        organisations.allowShippedApp(id, request.allowed());
        audit.append(AuditEvent.success("organisation.compatibility")
                .client(caller.clientId())
                .detail("organisation", id)
                .detail("allowed", request.allowed()));
        return request;
    }

    private static long says(CompanySignatureDescription request) {
        return Stream.of(request.did(), request.vm(), request.clientId(), request.kid())
                .filter(Objects::nonNull)
                .count();
    }
}
