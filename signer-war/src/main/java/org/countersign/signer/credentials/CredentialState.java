package org.countersign.signer.credentials;

import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;

/** Whether a credential is in service; how far its setting up is, and its lock, are apart from this. */
public enum CredentialState {
    ACTIVE,
    /** By its holder, who may resume it. */
    SUSPENDED,
    /** Only an administrator may resume it. */
    SUSPENDED_BY_ADMINISTRATOR,
    /** For good. */
    REVOKED;

    public static final String IS_SUSPENDED = "The credential is suspended";
    public static final String IS_REVOKED = "The credential is revoked";
    public static final String BY_ADMINISTRATOR = "The credential was suspended by an administrator";
    private static final String NOT_SUSPENDED = "The credential is not suspended";

    public boolean isSuspended() {
        return this == SUSPENDED || this == SUSPENDED_BY_ADMINISTRATOR;
    }

    /** {@code holder} or {@code administrator}; empty while it is not suspended. */
    public Optional<String> suspendedBy() {
        return switch (this) {
            case SUSPENDED -> Optional.of("holder");
            case SUSPENDED_BY_ADMINISTRATOR -> Optional.of("administrator");
            case ACTIVE, REVOKED -> Optional.empty();
        };
    }

    /** Why an act that wants another state is refused. */
    public ProtocolException refusal() {
        var why = switch (this) {
            case ACTIVE -> NOT_SUSPENDED;
            case SUSPENDED -> IS_SUSPENDED;
            case SUSPENDED_BY_ADMINISTRATOR -> BY_ADMINISTRATOR;
            case REVOKED -> IS_REVOKED;
        };
        return new ProtocolException(SignerError.CONFLICT, why);
    }
}
