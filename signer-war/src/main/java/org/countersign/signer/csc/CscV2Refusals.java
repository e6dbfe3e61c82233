package org.countersign.signer.csc;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import org.countersign.core.error.CscError;
import org.countersign.core.error.ProtocolException;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.activation.AskForApproval;
import org.countersign.signer.activation.CheckAuthorization;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.factors.CheckFactors;
import org.countersign.signer.factors.SendCode;
import org.countersign.signer.factors.SentFactors;

/** In the words of CSC API 2.0.0.2, which do not tell which of the factors was wrong. */
final class CscV2Refusals extends CscRefusals {

    static final ProtocolException WRONG_FACTORS =
            new ProtocolException(CscError.INVALID_AUTHENTICATION_DATA, "The authentication data is invalid");

    private static final ProtocolException HANDLE = CscRequest.invalid("handle");

    /** @param notAuthorized what is told of hashes that are not authorized */
    CscV2Refusals(Credentials credentials, String notAuthorized) {
        super(
                credentials,
                Map.ofEntries(
                        entry(CheckAuthorization.INVALID, HANDLE),
                        entry(CheckAuthorization.USED, HANDLE),
                        entry(CheckAuthorization.TOO_LATE, WRONG_FACTORS),
                        entry(CheckAuthorization.REFUSED, WRONG_FACTORS),
                        entry(AskForApproval.TOO_LONG, CscRequest.invalid("description")),
                        entry(SentFactors.PIN_REQUIRED, WRONG_FACTORS),
                        entry(SentFactors.OTP_REQUIRED, WRONG_FACTORS),
                        entry(CheckFactors.WRONG_PIN, WRONG_FACTORS),
                        entry(CheckFactors.WRONG_OTP, WRONG_FACTORS),
                        entry(SendCode.NOT_SENT, CscRequest.invalid("authObjectID")),
                        entry(Activation.NOT_AUTHORIZED, ProtocolException.invalidRequest(notAuthorized))));
    }

    @Override
    String locked(Optional<Credential> credential) {
        return "Credential locked";
    }

    @Override
    String expired(Optional<Credential> credential) {
        return "Signing certificate is expired";
    }
}
