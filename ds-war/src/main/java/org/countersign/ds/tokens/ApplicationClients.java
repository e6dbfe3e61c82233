package org.countersign.ds.tokens;

import java.util.Optional;
import org.countersign.core.error.DsError;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.applications.Admission;
import org.countersign.ds.applications.ApiKeys;
import org.countersign.ds.applications.Application;
import org.countersign.ds.applications.Requester;

/**
 * Applications as OAuth 2.0 clients (RFC 6749 §4.4): {@code client_id} is the label or the identifier, {@code client_secret}
 * an API key.
 */
public final class ApplicationClients {

    private final Admission admission;
    private final ApplicationTokens tokens;

    public ApplicationClients(Admission admission, ApplicationTokens tokens) {
        this.admission = admission;
        this.tokens = tokens;
    }

    /**
     * The application, or empty when the secret is no API key: then it is somebody else's client.
     *
     * @throws ProtocolException {@code invalid_client}, {@code access_denied} or {@code slow_down}
     */
    public Optional<Application> authenticate(String clientId, String secret, Requester requester) {
        if (!ApiKeys.isWellFormed(secret)) {
            return Optional.empty();
        }
        try {
            var application = admission.admit(secret, requester);
            if (!clientId.equals(application.label())
                    && !clientId.equals(application.id().toString())) {
                admission.clientRefused(clientId, requester);
                throw new ProtocolException(OAuth2Error.INVALID_CLIENT, "Bad client credentials");
            }
            return Optional.of(application);
        } catch (ProtocolException refusal) {
            throw asOAuth(refusal);
        }
    }

    /** See {@link Admission#admitClient}. @throws ProtocolException {@code slow_down} */
    public void admitOther(String clientId, Requester requester) {
        try {
            admission.admitClient(clientId, requester);
        } catch (ProtocolException refusal) {
            throw asOAuth(refusal);
        }
    }

    /** See {@link Admission#clientRefused}. */
    public void otherRefused(String clientId, Requester requester) {
        admission.clientRefused(clientId, requester);
    }

    /** @param clientTime the header, or null */
    public String token(Application application, String clientTime) {
        return tokens.issue(application, clientTime);
    }

    /** In seconds. */
    public long expiresIn() {
        return tokens.validity().toSeconds();
    }

    private static ProtocolException asOAuth(ProtocolException refusal) {
        if (!(refusal.code() instanceof DsError error)) {
            return refusal;
        }
        return switch (error) {
            case ADDRESS_NOT_ALLOWED, CERTIFICATE_REQUIRED ->
                new ProtocolException(OAuth2Error.ACCESS_DENIED, refusal.description());
            case TOO_MANY_REQUESTS ->
                ProtocolException.retryAfter(
                        OAuth2Error.SLOW_DOWN,
                        refusal.description(),
                        refusal.retryAfter().orElseThrow());
            default -> new ProtocolException(OAuth2Error.INVALID_CLIENT, "Bad client credentials");
        };
    }
}
