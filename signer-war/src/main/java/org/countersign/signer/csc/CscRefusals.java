package org.countersign.signer.csc;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.signer.activation.ExtendAuthorization;
import org.countersign.signer.activation.SadTokens;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.SentFactors;

/** What the services refuse, in the specification's codes and words. The credential is read again only where they tell of it. */
final class CscRefusals {

    private static final ProtocolException DISABLED =
            ProtocolException.invalidRequest("The credential identified by credentialID is disabled");

    private static final Map<String, ProtocolException> BY_DESCRIPTION = Map.of(
            SentFactors.PIN_REQUIRED, CscRequest.missing("string", "PIN"),
            SentFactors.OTP_REQUIRED, CscRequest.missing("string", "OTP"),
            ExtendAuthorization.HASH_REQUIRED, CscRequest.missing("array", "hash"),
            SadTokens.EXPIRED, ProtocolException.invalidRequest("SAD expired"),
            Credential.NO_CERTIFICATE, DISABLED,
            CredentialState.IS_SUSPENDED, DISABLED,
            CredentialState.BY_ADMINISTRATOR, DISABLED,
            CredentialState.IS_REVOKED, DISABLED,
            SignatureAlgorithm.OTHER_KEY, CscRequest.invalid("signAlgo"),
            SignatureAlgorithm.WRONG_MESSAGE, ProtocolException.invalidRequest(CscRequest.WRONG_LENGTH));

    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;

    CscRefusals(Credentials credentials, AuthorizationConfigurations authorizations) {
        this.credentials = credentials;
        this.authorizations = authorizations;
    }

    /** Does something with a credential. */
    <T> T translated(SeatName seat, String credentialId, Supplier<T> act) {
        try {
            return act.get();
        } catch (ProtocolException refused) {
            throw translate(refused, seat, credentialId);
        }
    }

    private ProtocolException translate(ProtocolException refused, SeatName seat, String credentialId) {
        var known = BY_DESCRIPTION.get(refused.description());
        if (known != null) {
            return known;
        }
        if (refused.code() == OAuth2Error.NOT_FOUND) {
            return CscRequest.invalid("credentialID");
        }
        if (refused.code() == SignerError.INVALID_SAD) {
            return CscRequest.invalid(find(seat, credentialId).isPresent() ? "SAD" : "credentialID");
        }
        if (refused.code() == SignerError.CREDENTIAL_LOCKED) {
            return ProtocolException.invalidRequest(
                    find(seat, credentialId).filter(this::hasPin).isPresent() ? "PIN locked" : "OTP locked");
        }
        if (refused.description().equals(UsableCertificate.NOT_VALID)) {
            return ProtocolException.invalidRequest("Signing certificate '"
                    + find(seat, credentialId)
                            .flatMap(Credential::chain)
                            .map(CscRefusals::holder)
                            .orElse("")
                    + "' is expired");
        }
        return refused.description().startsWith(SignatureAlgorithm.WRONG_LENGTH)
                ? ProtocolException.invalidRequest(CscRequest.WRONG_LENGTH)
                : refused;
    }

    private Optional<Credential> find(SeatName seat, String credentialId) {
        try {
            return Optional.of(credentials.requireOf(seat, credentialId));
        } catch (ProtocolException notThere) {
            return Optional.empty();
        }
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
