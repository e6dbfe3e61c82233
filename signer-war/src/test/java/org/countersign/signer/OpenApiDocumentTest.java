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
import org.countersign.server.openapi.ApiDocumentRules;
import org.countersign.server.openapi.ProductApi;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeAnswer;
import org.countersign.signer.activation.AuthorizeCredential.WaitingAnswer;
import org.countersign.signer.credentials.CreateCredential.Created;

class OpenApiDocumentTest extends ApiDocumentRules {

    OpenApiDocumentTest() {
        super(new ProductApi(
                Map.of(
                        "CredentialsResource.create",
                        Map.of("201", Created.class),
                        "ActivationResource.authorize",
                        Map.of("200", AuthorizeAnswer.class, "202", WaitingAnswer.class),
                        "ActivationResource.check",
                        Map.of("200", AuthorizeAnswer.class, "202", WaitingAnswer.class),
                        // Refused, always.
                        "CscCredentialsResource.sendOtp",
                        Map.of(),
                        "CscSignaturesResource.timestamp",
                        Map.of(),
                        "DocumentsResource.sign",
                        Map.of("200", InputStream.class),
                        "ValidationResource.page",
                        Map.of("200", String.class)),
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
                        "CscV2ExtendRequest",
                        "CscV2SignHashRequest",
                        "CscV2SignDocRequest"),
                Set.of(),
                errors(),
                Set.of(),
                Set.of()));
    }

    private static List<ErrorCode> errors() {
        var codes = new ArrayList<ErrorCode>(List.of(OAuth2Error.values()));
        codes.addAll(List.of(SignerError.values()));
        codes.addAll(List.of(CscError.values()));
        return codes;
    }
}
