package org.countersign.signer.activation;

import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.activation.AuthorizeCredential.AuthorizeAnswer;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.factors.FactorAttempts;

/**
 * Trades a SAD for another, with what has not been signed yet (CSC API 1.0.4.0, credentials/extendTransaction). The holder
 * authorized their number; with SCAL 2 hashes may be named now that were left for later then.
 */
public final class ExtendAuthorization {

    public static final String HASH_REQUIRED = "hash is required";

    private static final int MOST_BYTES = 1 << 18;

    private final Activations activations;
    private final SadTokens sads;
    private final AuthorizationConfigurations authorizations;
    private final Duration validity;
    private final Entropy entropy;
    private final Clock clock;
    private final AuditLog audit;

    public ExtendAuthorization(
            Activations activations,
            SadTokens sads,
            AuthorizationConfigurations authorizations,
            Duration validity,
            Entropy entropy,
            Clock clock,
            AuditLog audit) {
        this.activations = activations;
        this.sads = sads;
        this.authorizations = authorizations;
        this.validity = validity;
        this.entropy = entropy;
        this.clock = clock;
        this.audit = audit;
    }

    /**
     * @param hashes may be empty with SCAL 1
     * @return a new SAD; the former one signs nothing any more
     */
    public AuthorizeAnswer extend(Caller caller, String credentialId, String text, List<byte[]> hashes) {
        var seat = caller.requireSeat();
        try {
            return extend(caller, seat, credentialId, text, hashes);
        } catch (ProtocolException refusal) {
            audit.append(AuditEvent.failure("credential.extension-refused")
                    .client(caller.clientId())
                    .tenant(seat.tenant())
                    .seat(seat.seat())
                    .detail("reason", refusal.description()));
            throw refusal;
        }
    }

    private AuthorizeAnswer extend(
            Caller caller, SeatName seat, String credentialId, String text, List<byte[]> hashes) {
        var sad = sads.open(text);
        try (var key = sad.key()) {
            if (!sad.clientId().equals(caller.clientId()) || !sad.seat().equals(seat)) {
                throw SadTokens.invalid();
            }
            var found = activations
                    .find(sad.activationId(), caller.clientId(), seat)
                    .filter(candidate -> candidate.isOf(sad, credentialId))
                    .orElseThrow(SadTokens::invalid);
            var configuration = authorizations.of(found.credential().configurationId());
            if (found.credential().isLocked(configuration)) {
                throw FactorAttempts.locked();
            }
            if (found.activation().isUsedUp()) {
                throw SadTokens.invalid();
            }
            if (found.activation().namesHashes() && hashes.isEmpty()) {
                throw ProtocolException.invalidRequest(HASH_REQUIRED);
            }
            var expiresAt = clock.instant().plus(validity);
            var extended = found.activation()
                    .extended(entropy.uuid(), hashes, expiresAt)
                    .orElseThrow(() -> ProtocolException.invalidRequest(AuthorizeCredential.TOO_MANY));
            // Extended again and again, it would grow beyond what one request may hold.
            if (extended.length() > MOST_BYTES) {
                throw ProtocolException.invalidRequest("The hashes of an authorization have 262144 bytes at most");
            }
            if (!activations.extend(found, extended, configuration.maxFailures())) {
                throw SadTokens.invalid();
            }
            audit.append(CredentialEvent.success("credential.authorization-extended", caller, found.credential())
                    .detail("former", found.activation().id())
                    .detail("activation", extended.id())
                    .detail("binding", Base64.getEncoder().encodeToString(extended.binding())));
            return new AuthorizeAnswer(
                    sads.seal(new Sad(extended.id(), caller.clientId(), seat, extended.binding(), key, expiresAt)),
                    validity.toSeconds());
        }
    }
}
