package org.countersign.signer.csc;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.core.error.CscError;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.web.OpenToAll;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.activation.AuthorizeCredential;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeAnswer;
import org.countersign.signer.activation.AuthorizeCredential.Authorized;
import org.countersign.signer.activation.AuthorizeCredential.WaitingAnswer;
import org.countersign.signer.activation.CheckAuthorization;
import org.countersign.signer.activation.ExtendAuthorization;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialStatus;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.DescribeCredential;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.SendCode;

/** Credentials and their authorization (CSC API 2.0.0.2 §11.4 to §11.9). */
@Path("csc/v2/credentials")
@OpenToAll
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class CscV2CredentialsResource {

    private static final String FACTORS = "authData";
    private static final String CREDENTIAL = "credentialID";
    private static final String AUTH_OBJECT = "authObjectID";
    private static final String HASHES = "hashes";
    private static final String CREDENTIAL_INFO = "credentialInfo";
    private static final String ONLY_VALID = "onlyValid";
    /** Credentials that are looked at one by one for a list; the specification has no pages. */
    private static final int MOST_SHOWN = 1_000;

    private final CscGate gate;
    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final DescribeCredential describe;
    private final UsableCertificate usable;
    private final AuthorizeCredential authorize;
    private final CheckAuthorization check;
    private final ExtendAuthorization extend;
    private final SendCode send;
    private final CscRefusals refusals;

    public CscV2CredentialsResource(
            CscGate gate,
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            DescribeCredential describe,
            UsableCertificate usable,
            AuthorizeCredential authorize,
            CheckAuthorization check,
            ExtendAuthorization extend,
            SendCode send) {
        this.gate = gate;
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.describe = describe;
        this.usable = usable;
        this.authorize = authorize;
        this.check = check;
        this.extend = extend;
        this.send = send;
        this.refusals = new CscV2Refusals(credentials, Activation.NOT_AUTHORIZED);
    }

    /**
     * All of a seat's.
     *
     * @param credentialInfos in the same order, where {@code credentialInfo} asked for them
     * @param onlyValid true where it was asked for
     */
    public record CscV2CredentialList(
            @JsonProperty("credentialIDs") List<String> credentialIds,
            List<CscV2Credential> credentialInfos,
            Boolean onlyValid) {}

    /** The answer of 202: what {@code authorizeCheck} takes. */
    public record CscHandle(String handle) {}

    /** Of the token's seat; no other user's can be asked for. */
    @POST
    @Path("list")
    public CscV2CredentialList list(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var seat = gate.caller(authorization, ApiGroup.LISTER).requireSeat();
        var request = CscRequest.of(body);
        if (request.text("userID").isPresent()) {
            throw ProtocolException.invalidRequest("userID parameter MUST be null");
        }
        boolean withInfo = request.flag(CREDENTIAL_INFO);
        var shown = Shown.of(request);
        boolean onlyValid = request.flag(ONLY_VALID);
        request.text("lang");
        if (!withInfo && !onlyValid) {
            return new CscV2CredentialList(
                    credentials.listOf(seat).stream().map(UUID::toString).toList(), null, null);
        }
        var all = credentials.allOf(seat, MOST_SHOWN + 1);
        if (all.size() > MOST_SHOWN) {
            throw CscRequest.invalid(withInfo ? CREDENTIAL_INFO : ONLY_VALID);
        }
        var found = all.stream()
                .filter(credential -> !onlyValid || isValid(credential))
                .toList();
        return new CscV2CredentialList(
                found.stream().map(credential -> credential.id().toString()).toList(),
                withInfo
                        ? found.stream()
                                .map(credential -> describe(credential.id().toString(), credential, shown))
                                .toList()
                        : null,
                onlyValid ? true : null);
    }

    private boolean isValid(Credential credential) {
        return credential.status(authorizations.of(credential.configurationId())) == CredentialStatus.ENABLED
                && usable.has(credential);
    }

    @POST
    @Path("info")
    public CscV2Credential info(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var seat = gate.caller(authorization, ApiGroup.LISTER).requireSeat();
        var request = CscRequest.of(body);
        var credentialId = request.requiredText(CREDENTIAL);
        var shown = Shown.of(request);
        request.text("lang");
        var credential = refusals.translated(seat, credentialId, () -> credentials.requireOf(seat, credentialId));
        if (credential.certificates().isEmpty()) {
            // Still being set up: not listed, and not here.
            throw CscRequest.invalid(CREDENTIAL);
        }
        return describe(null, credential, shown);
    }

    private CscV2Credential describe(String credentialId, Credential credential, Shown shown) {
        var configuration = authorizations.of(credential.configurationId());
        return CscV2Credential.of(
                credentialId,
                shown.describe(describe, credential, configuration),
                credential.keyAlgorithm().orElseThrow(),
                shown.authInfo() && configuration.asksFor(Factor.PUSH));
    }

    @POST
    @Path("authorize")
    public Response authorize(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var request = CscRequest.of(body);
        var credentialId = request.requiredText(CREDENTIAL);
        var wanted = WantedSignatures.of(request, HASHES);
        requireHashAlgorithm(request);
        var factors = factors(request);
        var description = request.text("description");
        return answer(refusals.translated(
                caller.requireSeat(),
                credentialId,
                () -> authorize.authorizeOrAsk(
                        caller,
                        credentialId,
                        factors.get(CscV2Credential.PIN),
                        factors.get(CscV2Credential.OTP),
                        description.orElse(null),
                        (credential, configuration) -> {
                            requireSignalOfApproval(factors, configuration);
                            return wanted.wish().of(credential, configuration);
                        })));
    }

    /** What its holder's approval is waited for, is told so by an object without a value. */
    private static void requireSignalOfApproval(Map<String, String> factors, AuthorizationConfiguration configuration) {
        boolean sent = factors.containsKey(CscV2Credential.PUSH);
        if (sent && (factors.get(CscV2Credential.PUSH) != null || !configuration.asksFor(Factor.PUSH))) {
            throw CscRequest.invalid(FACTORS);
        }
        if (!sent && configuration.asksFor(Factor.PUSH)) {
            throw CscV2Refusals.WRONG_FACTORS;
        }
    }

    @POST
    @Path("authorizeCheck")
    public Response check(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var handle = CscRequest.of(body).requiredText("handle");
        return answer(refusals.translated(caller.requireSeat(), () -> check.check(caller, handle)));
    }

    /** Of the OTP, where it is a code: the challenge goes to the holder, and the response comes with {@code authorize}. */
    @POST
    @Path("getChallenge")
    public void getChallenge(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var request = CscRequest.of(body);
        var credentialId = request.requiredText(CREDENTIAL);
        var object = request.requiredText(AUTH_OBJECT);
        if (!send.isThere()) {
            throw new ProtocolException(CscError.NOT_IMPLEMENTED, "No authentication object has a challenge here");
        }
        refusals.translated(caller.requireSeat(), credentialId, () -> {
            if (!object.equals(CscV2Credential.OTP)) {
                credentials.requireOf(caller.requireSeat(), credentialId);
                throw CscRequest.invalid(AUTH_OBJECT);
            }
            send.send(caller, credentialId, SendCode.IN_SERVICE);
            return null;
        });
    }

    private static Response answer(Authorized authorized) {
        return authorized instanceof WaitingAnswer waiting
                ? Response.accepted(new CscHandle(waiting.handle())).build()
                : Response.ok(authorized).build();
    }

    /** What is not there counts as a factor that was not sent. */
    private static Map<String, String> factors(CscRequest request) {
        var factors = request.values(FACTORS);
        if (!CscV2Credential.FACTORS.containsAll(factors.keySet())) {
            throw CscRequest.invalid(FACTORS);
        }
        return factors;
    }

    /** What is authorized are the hashes; what made them is looked at when they are signed. */
    private static void requireHashAlgorithm(CscRequest request) {
        if (request.has(CscV2SignaturesResource.HASH_ALGORITHM)) {
            CscAlgorithms.hash(request, CscV2SignaturesResource.HASH_ALGORITHM);
        }
    }

    @POST
    @Path("extendTransaction")
    public AuthorizeAnswer extend(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var request = CscRequest.of(body);
        var credentialId = request.requiredText(CREDENTIAL);
        var sad = request.requiredText("SAD");
        var hashes = request.hashes(HASHES);
        requireHashAlgorithm(request);
        return refusals.translated(
                caller.requireSeat(), credentialId, () -> extend.extend(caller, credentialId, sad, hashes));
    }
}
