package org.countersign.signer.csc;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.signer.activation.ExtendAuthorization;
import org.countersign.signer.activation.SadTokens;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.Credentials;

/** What the services refuse, in the specification's codes and words. The credential is read again only where they tell of it. */
abstract class CscRefusals {

    static final ProtocolException DISABLED =
            ProtocolException.invalidRequest("The credential identified by credentialID is disabled");

    /** In every version. */
    private static final Map<String, ProtocolException> COMMON = Map.of(
            SadTokens.EXPIRED,
            ProtocolException.invalidRequest("SAD expired"),
            Credential.NO_CERTIFICATE,
            DISABLED,
            Credential.FACTOR_MISSING,
            DISABLED,
            CredentialState.IS_SUSPENDED,
            DISABLED,
            CredentialState.BY_ADMINISTRATOR,
            DISABLED,
            CredentialState.IS_REVOKED,
            DISABLED,
            ExtendAuthorization.HASH_REQUIRED,
            CscRequest.missing("array", CscRequest.HASH),
            SignatureAlgorithm.OTHER_KEY,
            CscRequest.invalid("signAlgo"),
            SignatureAlgorithm.WRONG_MESSAGE,
            ProtocolException.invalidRequest(CscRequest.WRONG_LENGTH));

    private final Credentials credentials;
    private final Map<String, ProtocolException> words;

    /** @param words of the version, by the services' descriptions */
    CscRefusals(Credentials credentials, Map<String, ProtocolException> words) {
        this.credentials = credentials;
        this.words = new HashMap<>(COMMON);
        this.words.putAll(words);
    }

    /** @param credential empty when it went away meanwhile */
    abstract String locked(Optional<Credential> credential);

    /** As {@link #locked}. */
    abstract String expired(Optional<Credential> credential);

    /** Does something with a credential. */
    <T> T translated(SeatName seat, String credentialId, Supplier<T> act) {
        try {
            return act.get();
        } catch (ProtocolException refused) {
            throw translate(refused, seat, credentialId);
        }
    }

    /** Likewise, where the request names no credential. */
    <T> T translated(SeatName seat, Supplier<T> act) {
        return translated(seat, "", act);
    }

    private ProtocolException translate(ProtocolException refused, SeatName seat, String credentialId) {
        var known = words.get(refused.description());
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
            return ProtocolException.invalidRequest(locked(find(seat, credentialId)));
        }
        if (refused.description().equals(UsableCertificate.NOT_VALID)) {
            return ProtocolException.invalidRequest(expired(find(seat, credentialId)));
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
}
