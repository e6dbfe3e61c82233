package org.countersign.signer;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.countersign.core.error.CscError;
import org.countersign.core.error.ErrorCode;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.SignerError;
import org.countersign.server.console.ConsoleSessionResource.SessionDescription;
import org.countersign.server.openapi.ApiDocumentRules;
import org.countersign.server.openapi.ProductApi;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeAnswer;
import org.countersign.signer.activation.AuthorizeCredential.WaitingAnswer;
import org.countersign.signer.credentials.CreateCredential.Created;
import org.countersign.signer.csc.CscV2Credential;
import org.countersign.signer.csc.CscV2CredentialsResource.CscHandle;
import org.countersign.signer.enrolment.EnrolmentResource.EnrolmentPending;
import org.countersign.signer.seats.GroupsResource.GroupEntry;

class OpenApiDocumentTest extends ApiDocumentRules {

    private static final Map<String, Class<?>> AUTHORIZED =
            Map.of("200", AuthorizeAnswer.class, "202", WaitingAnswer.class);
    private static final Map<String, Class<?>> AUTHORIZED_BY_V2 =
            Map.of("200", AuthorizeAnswer.class, "202", CscHandle.class);

    private static final Map<String, Class<?>> ENROLLED = Map.of("202", EnrolmentPending.class, "204", void.class);

    OpenApiDocumentTest() {
        super(new ProductApi(
                Map.ofEntries(
                        Map.entry("CredentialsResource.create", Map.of("201", Created.class)),
                        Map.entry("GroupsResource.create", Map.of("201", GroupEntry.class)),
                        Map.entry("ActivationResource.authorize", AUTHORIZED),
                        Map.entry("ActivationResource.check", AUTHORIZED),
                        Map.entry("EnrolmentResource.enrol", ENROLLED),
                        Map.entry("EnrolmentResource.renew", ENROLLED),
                        Map.entry("CscV2CreationResource.create", Map.of("201", CscV2Credential.class)),
                        Map.entry("CscV2CredentialsResource.authorize", AUTHORIZED_BY_V2),
                        Map.entry("CscV2CredentialsResource.check", AUTHORIZED_BY_V2),
                        Map.entry("CscCredentialsResource.sendOtp", Map.of("204", void.class)),
                        Map.entry("CscV2CredentialsResource.getChallenge", Map.of("204", void.class)),
                        Map.entry("CscSignaturesResource.timestamp", Map.of()),
                        Map.entry("DocumentsResource.sign", Map.of("200", InputStream.class)),
                        Map.entry("ValidationResource.page", Map.of("200", String.class)),
                        Map.entry("RootResource.wizard", Map.of("303", void.class)),
                        Map.entry(
                                "ConsoleResource.page",
                                Map.of("200", String.class, "303", void.class, "304", void.class)),
                        Map.entry("ConsoleResource.file", Map.of("200", String.class, "304", void.class)),
                        Map.entry("OpenIdResource.begin", Map.of("303", void.class)),
                        Map.entry("OpenIdResource.callback", Map.of("303", void.class)),
                        Map.entry("ConsoleSessionResource.signIn", Map.of("200", SessionDescription.class)),
                        Map.entry("ConsoleSessionResource.signOut", Map.of("204", void.class))),
                // Of the consortium's methods, which read their parameters one by one.
                Set.of(
                        "CredentialStatus",
                        "ValidationRequest",
                        "CscInfoRequest",
                        "CscLoginRequest",
                        "CscRevokeRequest",
                        "CscTokenRequest",
                        "CscTokenRevocation",
                        "CscListRequest",
                        "CscCredentialRequest",
                        "CscAuthorizeRequest",
                        "CscExtendRequest",
                        "CscSendOtpRequest",
                        "CscSignHashRequest",
                        "CscTimestampRequest",
                        "CscV2ListRequest",
                        "CscV2AuthorizeRequest",
                        "CscCheckRequest",
                        "CscChallengeRequest",
                        "CscV2ExtendRequest",
                        "CscCreateRequest",
                        "CscDeleteRequest",
                        "CscV2SignHashRequest",
                        "CscV2SignDocRequest"),
                Set.of(),
                errors(),
                Set.of("org.countersign.server.signingkeys"),
                Set.of()));
    }

    private static List<ErrorCode> errors() {
        var codes = new ArrayList<ErrorCode>(List.of(OAuth2Error.values()));
        codes.addAll(List.of(SignerError.values()));
        codes.addAll(List.of(CscError.values()));
        return codes;
    }
}
