package org.countersign.signer.csc;

import org.countersign.core.error.ProtocolException;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.DescribeCredential;
import org.countersign.signer.credentials.DescribeCredential.Certificates;
import org.countersign.signer.credentials.DescribeCredential.Description;
import org.countersign.signer.factors.AuthorizationConfiguration;

/** How much of a credential a request wants to be shown. */
record Shown(Certificates certificates, boolean certInfo, boolean authInfo) {

    static Shown of(CscRequest request) {
        return new Shown(certificates(request), request.flag("certInfo"), request.flag("authInfo"));
    }

    private static Certificates certificates(CscRequest request) {
        try {
            return Certificates.parse(request.text("certificates").orElse(null));
        } catch (ProtocolException unknown) {
            throw CscRequest.invalid("certificates");
        }
    }

    Description describe(DescribeCredential describe, Credential credential, AuthorizationConfiguration configuration) {
        return describe.describe(credential, configuration, certificates, certInfo, authInfo);
    }
}
