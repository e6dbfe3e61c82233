package org.countersign.signer.enrolment;

import java.util.Optional;
import org.countersign.core.error.CscError;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.acts.DeleteCredential;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.configuration.CreationSettings;
import org.countersign.signer.credentials.CreateCredential;
import org.countersign.signer.credentials.CreateCredential.CreateRequest;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialInReach;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.SentFactors;
import org.countersign.signer.factors.SetFactors;
import org.countersign.signer.keypairs.GenerateKeyPair;

/**
 * A credential of the caller's seat in one call: its PIN, its key pair, and a certificate of the tenant's authority. Whatever of
 * it fails takes back what was done before, unless the certificate is in; one that was issued by then is the authority's matter.
 */
public final class CreateCertified {

    private static final System.Logger LOG = ContextLogger.of(CreateCertified.class);
    private static final String NONE = "No credentials are created here";

    private final CreationSettings settings;
    private final CreateCredential create;
    private final SetFactors factors;
    private final GenerateKeyPair generate;
    private final EnrolCertificate enrol;
    private final DeleteCredential delete;
    private final Credentials credentials;
    private final AuthorizationConfigurations authorizations;

    public CreateCertified(
            CreationSettings settings,
            CreateCredential create,
            SetFactors factors,
            GenerateKeyPair generate,
            EnrolCertificate enrol,
            DeleteCredential delete,
            Credentials credentials,
            AuthorizationConfigurations authorizations) {
        this.settings = settings;
        this.create = create;
        this.factors = factors;
        this.generate = generate;
        this.enrol = enrol;
        this.delete = delete;
        this.credentials = credentials;
        this.authorizations = authorizations;
    }

    /** @throws ProtocolException {@code not_implemented}, for a context or a tenant that creates none */
    public static ProtocolException none() {
        return new ProtocolException(CscError.NOT_IMPLEMENTED, NONE);
    }

    public boolean asksForPin() {
        return settings.configuration().asksFor(Factor.PIN);
    }

    /** The certificate policy that requests may name. */
    public Optional<String> certificatePolicy() {
        return settings.certificatePolicy();
    }

    /**
     * Creates.
     *
     * @param caller whose token speaks for a seat
     * @param pin the holder's choice, where there is to be one
     */
    public Credential create(Caller caller, Optional<String> pin) {
        var seat = caller.requireSeat();
        if (!enrol.certifies(seat.tenant())) {
            throw none();
        }
        requirePin(pin);
        // Before a key is made for nothing.
        enrol.requireReachable(seat.tenant());
        var configuration = settings.configuration();
        var id = create.create(caller, new CreateRequest(null, null, configuration.id(), settings.multiSignature()))
                .credentialId();
        try {
            pin.ifPresent(value -> factors.pin(caller, reached(caller, id).credential(), configuration, value));
            var csr = generate.generate(caller, reached(caller, id), settings.keyAlgorithm())
                    .csr();
            if (enrol.first(caller, reached(caller, id).credential(), csr).isPresent()) {
                throw new ProtocolException(
                        SignerError.ENROLMENT_FAILED, "The certification authority has not decided yet");
            }
            return credentials.requireOf(seat, id);
        } catch (RuntimeException failed) {
            takeBack(caller, id, failed);
            throw failed;
        }
    }

    private void requirePin(Optional<String> pin) {
        if (asksForPin()) {
            settings.configuration()
                    .pinPolicy()
                    .require(pin.filter(value -> !value.isEmpty())
                            .orElseThrow(() -> ProtocolException.invalidRequest(SentFactors.PIN_REQUIRED)));
        }
    }

    private CredentialInReach reached(Caller caller, String id) {
        return CredentialInReach.of(caller, id, credentials, authorizations);
    }

    private void takeBack(Caller caller, String id, RuntimeException failed) {
        try {
            delete.takeBack(caller, credentials.require(id));
        } catch (RuntimeException alsoFailed) {
            failed.addSuppressed(alsoFailed);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The credential {0}, which could not be created, is left over without a certificate: {1}",
                    id,
                    alsoFailed.toString());
        }
    }
}
