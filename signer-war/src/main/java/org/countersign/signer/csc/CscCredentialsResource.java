package org.countersign.signer.csc;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.countersign.core.error.CscError;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.web.OpenToAll;
import org.countersign.signer.activation.AuthorizeCredential;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeAnswer;
import org.countersign.signer.activation.ExtendAuthorization;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.DescribeCredential;
import org.countersign.signer.credentials.DescribeCredential.Cert;
import org.countersign.signer.credentials.DescribeCredential.Description;
import org.countersign.signer.credentials.DescribeCredential.Key;
import org.countersign.signer.credentials.DescribeCredential.Otp;
import org.countersign.signer.credentials.DescribeCredential.Pin;
import org.countersign.signer.factors.SendCode;

/** Credentials and their authorization (CSC API 1.0.4.0 §11.4 to §11.8). */
@Path("csc/v1/credentials")
@OpenToAll
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class CscCredentialsResource {

    private static final int MOST = 100;
    private static final String CREDENTIAL = "credentialID";

    private final CscGate gate;
    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final DescribeCredential describe;
    private final AuthorizeCredential authorize;
    private final ExtendAuthorization extend;
    private final SendCode send;
    private final CscRefusals refusals;

    public CscCredentialsResource(
            CscGate gate,
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            DescribeCredential describe,
            AuthorizeCredential authorize,
            ExtendAuthorization extend,
            SendCode send) {
        this.gate = gate;
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.describe = describe;
        this.authorize = authorize;
        this.extend = extend;
        this.send = send;
        this.refusals = new CscV1Refusals(credentials, authorizations);
    }

    /** @param nextPageToken absent on the last page */
    public record CscCredentialList(
            @JsonProperty("credentialIDs") List<String> credentialIds, String nextPageToken) {}

    /** A credential; {@code PIN} and {@code OTP} only where {@code authInfo} asked for them. */
    public record CscCredential(
            Key key,
            Cert cert,
            String authMode,
            @JsonProperty("SCAL") String scal,
            @JsonProperty("PIN") Pin pin,
            @JsonProperty("OTP") Otp otp,
            int multisign,
            String lang) {

        static CscCredential of(Description description, KeyAlgorithm key) {
            return new CscCredential(
                    new Key(description.key().status(), CscAlgorithms.of(key), key.bits(), CscAlgorithms.curve(key)),
                    description.cert(),
                    description.authMode(),
                    description.scal(),
                    description.pin(),
                    description.otp(),
                    description.multisign(),
                    CscInfoResource.LANGUAGE);
        }
    }

    /** Of the token's seat; no other user's can be asked for. */
    @POST
    @Path("list")
    public CscCredentialList list(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var seat = gate.caller(authorization, ApiGroup.LISTER).requireSeat();
        var request = CscRequest.of(body);
        if (request.text("userID").isPresent()) {
            throw ProtocolException.invalidRequest("userID parameter MUST be null");
        }
        int wanted = request.integer("maxResults").orElse(MOST);
        if (wanted < 1) {
            throw CscRequest.invalid("maxResults");
        }
        var after = request.text("pageToken").map(PageToken::parse);
        int most = Math.min(wanted, MOST);
        var found = credentials.listOf(seat, after, most + 1);
        var page = found.subList(0, Math.min(found.size(), most));
        return new CscCredentialList(
                page.stream().map(Credentials.Position::id).map(UUID::toString).toList(),
                found.size() > most ? PageToken.of(page.get(most - 1)) : null);
    }

    @POST
    @Path("info")
    public CscCredential info(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
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
        var configuration = authorizations.of(credential.configurationId());
        return CscCredential.of(
                shown.describe(describe, credential, configuration),
                credential.keyAlgorithm().orElseThrow());
    }

    @POST
    @Path("authorize")
    public AuthorizeAnswer authorize(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var request = CscRequest.of(body);
        var credentialId = request.requiredText(CREDENTIAL);
        var wanted = WantedSignatures.of(request, "hash");
        var pin = request.has("PIN") ? request.requiredText("PIN") : null;
        var otp = request.has("OTP") ? request.requiredText("OTP") : null;
        request.text("description");
        return refusals.translated(
                caller.requireSeat(),
                credentialId,
                () -> authorize.authorize(caller, credentialId, pin, otp, wanted.wish()));
    }

    @POST
    @Path("extendTransaction")
    public AuthorizeAnswer extend(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var request = CscRequest.of(body);
        var credentialId = request.requiredText(CREDENTIAL);
        var sad = request.requiredText("SAD");
        var hashes = request.hashes("hash");
        return refusals.translated(
                caller.requireSeat(), credentialId, () -> extend.extend(caller, credentialId, sad, hashes));
    }

    /** A code for the credential's OTP, by the gateway. */
    @POST
    @Path("sendOTP")
    public void sendOtp(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        var caller = gate.caller(authorization, ApiGroup.SIGNER);
        var credentialId = CscRequest.of(body).requiredText(CREDENTIAL);
        if (!send.isThere()) {
            throw new ProtocolException(CscError.NOT_IMPLEMENTED, "One-time passwords are not sent by this server");
        }
        refusals.translated(caller.requireSeat(), credentialId, () -> {
            send.send(caller, credentialId, SendCode.IN_SERVICE);
            return null;
        });
    }
}
