package org.countersign.signer.activation;

import io.prometheus.metrics.core.metrics.Counter;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.activation.Approvals.State;
import org.countersign.signer.activation.Approvals.Stored;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeAnswer;
import org.countersign.signer.activation.AuthorizeCredential.Authorized;
import org.countersign.signer.activation.AuthorizeCredential.WaitingAnswer;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.factors.FactorRefusals;

/** Trades the handle of an authorization that waited for its holder's approval for the SAD, once. */
public final class CheckAuthorization {

    public static final String INVALID = "The handle is invalid";
    public static final String USED = "The handle was used";
    public static final String TOO_LATE = "The holder did not approve in time";
    public static final String REFUSED = "The holder refused";

    private static final String AUTHORIZED = "credential.authorized";
    private static final Set<CredentialState> STATES = Set.of(CredentialState.ACTIVE);

    /** Bytes of an activation's binding, and of a question's content. */
    private static final int BINDING = 32;

    private final Approvals approvals;
    private final SadTokens handles;
    private final SadTokens sads;
    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;
    private final FactorRefusals refusals;
    private final UsableCertificate usable;
    private final Duration validity;
    private final Clock clock;
    private final AuditLog audit;
    private final Counter activated;

    /**
     * @param validity of the SAD
     * @param activated as {@link AuthorizeCredential}'s
     */
    public CheckAuthorization(
            Approvals approvals,
            SadTokens handles,
            SadTokens sads,
            Credentials credentials,
            AuthorizationConfigurations authorizations,
            FactorRefusals refusals,
            UsableCertificate usable,
            Duration validity,
            Clock clock,
            AuditLog audit,
            Counter activated) {
        this.approvals = approvals;
        this.handles = handles;
        this.sads = sads;
        this.credentials = credentials;
        this.authorizations = authorizations;
        this.refusals = refusals;
        this.usable = usable;
        this.validity = validity;
        this.clock = clock;
        this.audit = audit;
        this.activated = activated;
    }

    /** As it comes in. */
    public record CheckRequest(String handle) {

        @Override
        public String toString() {
            return "check of an authorization";
        }
    }

    /**
     * @return a {@link WaitingAnswer} with the same handle while the holder has not answered
     * @throws ProtocolException invalid_request for a handle that is none, of another client or seat, over or used;
     *     access_denied when the holder refused
     */
    public Authorized check(Caller caller, String handle) {
        var seat = caller.requireSeat();
        if (handle == null || handle.isEmpty()) {
            throw ProtocolException.invalidRequest("handle is required");
        }
        var waited = open(handle);
        try (var key = waited.key()) {
            var stored = Optional.of(waited)
                    .filter(own -> own.clientId().equals(caller.clientId())
                            && own.seat().equals(seat))
                    .flatMap(own -> approvals.find(own.activationId()))
                    .filter(found -> found.clientId().equals(caller.clientId())
                            && found.seat().equals(seat))
                    .orElseThrow(CheckAuthorization::invalid);
            if (waited.binding().length != 2 * BINDING
                    || !MessageDigest.isEqual(
                            Arrays.copyOfRange(waited.binding(), BINDING, 2 * BINDING), stored.content())) {
                throw invalid();
            }
            requireUsable(stored);
            return stored.state() == State.PENDING
                    ? new WaitingAnswer(
                            handle,
                            Math.max(
                                    1,
                                    Duration.between(clock.instant(), stored.expiresAt())
                                            .toSeconds()))
                    : use(caller, waited, stored, key);
        }
    }

    private Sad open(String handle) {
        try {
            return handles.open(handle);
        } catch (ProtocolException noHandle) {
            throw noHandle.description().equals(SadTokens.EXPIRED) ? expired() : invalid();
        }
    }

    private void requireUsable(Stored stored) {
        if (stored.state() != State.PENDING && !stored.isAuthentic()) {
            throw invalid();
        }
        if (stored.state() == State.REFUSED) {
            throw new ProtocolException(SignerError.APPROVAL_REFUSED, REFUSED);
        }
        if (stored.isUsed()) {
            throw ProtocolException.invalidRequest(USED);
        }
        if (!clock.instant().isBefore(stored.expiresAt())) {
            throw expired();
        }
    }

    private AuthorizeAnswer use(Caller caller, Sad waited, Stored stored, ActivationKey key) {
        var credential = credentials.require(stored.credentialId().toString());
        var configuration = authorizations.of(credential.configurationId());
        refusals.requireState(AUTHORIZED, caller, credential, STATES);
        refusals.requireOpen(AUTHORIZED, caller, credential, configuration);
        usable.require(caller, credential);
        var expiresAt = clock.instant().plus(validity);
        if (!approvals.use(
                waited.activationId(), caller.clientId(), credential, configuration.maxFailures(), expiresAt)) {
            requireUsable(approvals.find(waited.activationId()).orElseThrow(CheckAuthorization::invalid));
            var now = credentials.require(stored.credentialId().toString());
            refusals.requireState(AUTHORIZED, caller, now, STATES);
            refusals.requireOpen(AUTHORIZED, caller, now, configuration);
            throw invalid();
        }
        var binding = Arrays.copyOf(waited.binding(), BINDING);
        audit.append(CredentialEvent.success(AUTHORIZED, caller, credential)
                .detail("activation", waited.activationId())
                .detail("binding", Base64.getEncoder().encodeToString(binding))
                .detail("approved", Base64.getEncoder().encodeToString(stored.content())));
        activated.labelValues(configuration.id()).inc();
        var sad = new Sad(waited.activationId(), caller.clientId(), waited.seat(), binding, key, expiresAt);
        return new AuthorizeAnswer(sads.seal(sad), validity.toSeconds());
    }

    private static ProtocolException invalid() {
        return ProtocolException.invalidRequest(INVALID);
    }

    private static ProtocolException expired() {
        return ProtocolException.invalidRequest(TOO_LATE);
    }
}
