package org.countersign.signer.csc;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.web.OpenToAll;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.acts.DeleteCredential;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.DescribeCredential;
import org.countersign.signer.credentials.RevocationReason;
import org.countersign.signer.enrolment.CreateCertified;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.SentFactors;

/** Of version 2.2 of the consortium's API: credentials come and go (CSC Data Model 1.0.0 §9). */
@OpenToAll
@Path("csc/v2/credentials")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class CscV2CreationResource {

    private static final String DELETION = "credentialDeletionRequest";
    private static final String REASON = "revocationReason";
    private static final String FACTORS = "authData";

    /** An approval is not asked for. */
    private static final Set<String> SENT = Set.of(CscV2Credential.PIN, CscV2Credential.OTP);

    private static final String CREATION = "credentialCreationRequest";
    private static final String POLICY = "certificatePolicy";
    private static final String SUBJECT = "subjectData";

    private final CscGate gate;
    private final Optional<CreateCertified> create;
    private final DeleteCredential delete;
    private final DescribeCredential describe;
    private final AuthorizationConfigurations authorizations;
    private final CscRefusals refusals;

    /** @param create empty where clients create no credentials */
    public CscV2CreationResource(
            CscGate gate,
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            DescribeCredential describe,
            Optional<CreateCertified> create,
            DeleteCredential delete) {
        this.gate = gate;
        this.authorizations = authorizations;
        this.describe = describe;
        this.create = create;
        this.delete = delete;
        this.refusals = new CscV2Refusals(credentials, Activation.NOT_AUTHORIZED);
    }

    /**
     * Of the token's seat, whose common name is the certificate's subject. The answer, 201, describes it, as much as is
     * asked for.
     */
    @POST
    @Path("create")
    public Response create(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.GENERATOR);
        var seat = caller.requireSeat();
        var request = CscRequest.of(body);
        var wanted = request.requiredObject(CREATION);
        var creating = create.orElseThrow(CreateCertified::none);
        if (wanted.text(POLICY).isPresent() && !wanted.text(POLICY).equals(creating.certificatePolicy())) {
            throw CscRequest.invalid(POLICY);
        }
        if (wanted.has(SUBJECT)) {
            throw CscRequest.invalid(SUBJECT);
        }
        request.flag("credentialInfo");
        var shown = Shown.of(request);
        var allowed = creating.asksForPin() ? Set.of(CscV2Credential.PIN) : Set.<String>of();
        var pin = Optional.ofNullable(sent(request, allowed).pin());
        var credential = refusals.translated(seat, () -> creating.create(caller, pin));
        var configuration = authorizations.of(credential.configurationId());
        return Response.status(Response.Status.CREATED)
                .entity(CscV2Credential.of(
                        credential.id().toString(),
                        shown.describe(describe, credential, configuration),
                        credential.keyAlgorithm().orElseThrow(),
                        shown.authInfo() && configuration.asksFor(Factor.PUSH)))
                .build();
    }

    /** By the holder's factors. The key is destroyed, now or as soon as its vault is there. */
    @POST
    @Path("delete")
    public void delete(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var request = CscRequest.of(body);
        var deletion = request.requiredObject(DELETION);
        var credentialId = deletion.requiredText("credentialID");
        var reason = deletion.flag("revoke") ? Optional.of(reason(deletion)) : Optional.<RevocationReason>empty();
        var sent = sent(request, SENT);
        refusals.translated(
                caller.requireSeat(), credentialId, () -> delete.delete(caller, credentialId, sent, reason));
    }

    /** Where it is not revoked, the reason does not matter. */
    private static RevocationReason reason(CscRequest deletion) {
        return RevocationReason.ofCode(deletion.requiredInteger(REASON)).orElseThrow(() -> CscRequest.invalid(REASON));
    }

    private static SentFactors sent(CscRequest request, Set<String> allowed) {
        Map<String, String> factors = request.has(FACTORS) ? request.values(FACTORS) : Map.of();
        if (!allowed.containsAll(factors.keySet())) {
            throw CscRequest.invalid(FACTORS);
        }
        return new SentFactors(factors.get(CscV2Credential.PIN), factors.get(CscV2Credential.OTP));
    }
}
