package org.countersign.signer.credentials;

import java.time.Clock;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.oauth.Caller;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.factors.ActivationAgreement;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;

/** The first step of a credential's life (seed, "Create a Credential"). */
public final class CreateCredential {

    private static final int MAX_MULTI_SIGNATURE = 1_000;

    private final Credentials credentials;
    private final SeatGroups groups;
    private final AuthorizationConfigurations authorizations;
    private final FactorSecrets secrets;
    private final ActivationAgreement agreement;
    private final Entropy entropy;
    private final Clock clock;
    private final AuditLog audit;

    public CreateCredential(
            Credentials credentials,
            SeatGroups groups,
            AuthorizationConfigurations authorizations,
            FactorSecrets secrets,
            ActivationAgreement agreement,
            Entropy entropy,
            Clock clock,
            AuditLog audit) {
        this.credentials = credentials;
        this.groups = groups;
        this.authorizations = authorizations;
        this.secrets = secrets;
        this.agreement = agreement;
        this.entropy = entropy;
        this.clock = clock;
        this.audit = audit;
    }

    /**
     * As it comes in.
     *
     * @param tenant may be left out when the token's scope names a seat, as {@code seat} may
     * @param multiSignature how many signatures one authorization may ask for; 1 to 1,000, 1 when left out
     */
    public record CreateRequest(
            String tenant, String seat, String authorizationConfigurationId, Integer multiSignature) {}

    /** What came of it. */
    public record Created(String credentialId, String status) {}

    public Created create(Caller caller, CreateRequest request) {
        var name = name(caller, request);
        groups.require(caller.authorities(), name);
        if (caller.seat().isPresent() && !caller.seat().get().equals(name)) {
            throw ProtocolException.accessDenied();
        }
        var configuration = configuration(request.authorizationConfigurationId());
        int multiSignature = request.multiSignature() == null ? 1 : request.multiSignature();
        if (multiSignature < 1 || multiSignature > MAX_MULTI_SIGNATURE) {
            throw ProtocolException.invalidRequest("multiSignature must be from 1 to 1000");
        }
        var credential = Credential.create(
                entropy.uuid(), name, caller.clientId(), configuration.id(), multiSignature, clock.instant());
        if (!configuration.asksFor(Factor.PIN)) {
            openWithoutPin(credential);
        }
        credentials.add(credential);
        try {
            audit.append(CredentialEvent.success("credential.created", caller, credential)
                    .detail("configuration", configuration.id())
                    .detail("multiSignature", multiSignature));
        } catch (RuntimeException failed) {
            // Nobody was told its identifier.
            try {
                credentials.removeNew(credential.id());
            } catch (RuntimeException alsoFailed) {
                failed.addSuppressed(alsoFailed);
            }
            throw failed;
        }
        return new Created(
                credential.id().toString(), credential.status(configuration).wireName());
    }

    private void openWithoutPin(Credential credential) {
        var salt = secrets.newActivationSalt();
        try (var key = secrets.activationKeyWithoutPin(credential.id(), salt)) {
            credential.openWithoutPin(salt, agreement.publicHalf(key));
        }
    }

    private static SeatName name(Caller caller, CreateRequest request) {
        var tenant =
                request.tenant() == null ? caller.seat().map(SeatName::tenant).orElse(null) : request.tenant();
        var seat = request.seat() == null ? caller.seat().map(SeatName::seat).orElse(null) : request.seat();
        if (tenant == null || tenant.isEmpty()) {
            throw ProtocolException.invalidRequest("tenant is required");
        }
        if (seat == null || seat.isEmpty()) {
            throw ProtocolException.invalidRequest("seat is required");
        }
        var bare = SeatName.withoutTenant(seat, tenant);
        if (!SeatName.isTenant(tenant)) {
            throw ProtocolException.accessDenied();
        }
        if (!SeatName.isSeat(bare)) {
            throw ProtocolException.invalidRequest("seat must have 1 to 128 printable characters without white space");
        }
        return new SeatName(bare, tenant);
    }

    private AuthorizationConfiguration configuration(String id) {
        if (id == null || id.isEmpty()) {
            throw ProtocolException.invalidRequest("authorizationConfigurationId is required");
        }
        return authorizations
                .find(id)
                .orElseThrow(() -> ProtocolException.invalidRequest(
                        "authorizationConfigurationId is not known; GET authorization-configurations lists them"));
    }
}
