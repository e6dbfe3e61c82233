package org.countersign.signer.csc;

import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.countersign.core.x509.CertificateChain;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.SendCode;
import org.countersign.signer.factors.SentFactors;

/** In the words of CSC API 1.0.4.0. */
final class CscV1Refusals extends CscRefusals {

    private final AuthorizationConfigurations authorizations;

    CscV1Refusals(Credentials credentials, AuthorizationConfigurations authorizations) {
        super(
                credentials,
                Map.of(
                        SentFactors.PIN_REQUIRED, CscRequest.missing("string", "PIN"),
                        SentFactors.OTP_REQUIRED, CscRequest.missing("string", "OTP"),
                        SendCode.NOT_SENT, CscRequest.invalid("credentialID")));
        this.authorizations = authorizations;
    }

    @Override
    String locked(Optional<Credential> credential) {
        return credential.filter(this::hasPin).isPresent() ? "PIN locked" : "OTP locked";
    }

    @Override
    String expired(Optional<Credential> credential) {
        return "Signing certificate '"
                + credential
                        .flatMap(Credential::chain)
                        .map(CscV1Refusals::holder)
                        .orElse("")
                + "' is expired";
    }

    private boolean hasPin(Credential credential) {
        return authorizations.of(credential.configurationId()).asksFor(Factor.PIN);
    }

    private static String holder(CertificateChain chain) {
        return "O=" + attribute(chain.subject(), "O") + ",CN=" + attribute(chain.subject(), "CN");
    }

    private static String attribute(String name, String type) {
        try {
            return new LdapName(name)
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase(type))
                            .map(rdn -> rdn.getValue().toString())
                            .findFirst()
                            .orElse("");
        } catch (InvalidNameException impossible) {
            return "";
        }
    }
}
