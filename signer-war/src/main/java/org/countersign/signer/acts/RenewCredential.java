package org.countersign.signer.acts;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.x509.SubjectName;
import org.countersign.core.x509.UnverifiedCertificates;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.logging.ContextLogger;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.acts.CondemnedKeys.Condemned;
import org.countersign.signer.certificates.TenantTrust;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.KeyPair;
import org.countersign.signer.factors.ActivationAgreement;
import org.countersign.signer.factors.FactorAttempts.Acceptance;
import org.countersign.signer.factors.FactorRefusals;
import org.countersign.signer.factors.SentFactors;
import org.countersign.signer.keypairs.MakeKeyPair;
import org.countersign.signer.keypairs.MakeKeyPair.Wanted;
import org.countersign.signer.keypairs.MovedKeys;

/**
 * Another certificate for a living credential, of its key or of a new one. The holder's factors ask for it; who set the credential
 * up brings the certificate, as the first one, and can not without the holder having asked. Until then the present key and
 * certificate sign.
 */
public final class RenewCredential {

    private static final System.Logger LOG = ContextLogger.of(RenewCredential.class);
    private static final String REQUESTED = "renewal.requested";
    private static final String RENEWED = "certificate.renewed";
    private static final String NEW_KEY = "newKey";
    private static final Set<CredentialState> STATES = Set.of(CredentialState.ACTIVE);

    private final HoldersAct act;
    private final Renewals renewals;
    private final Credentials credentials;
    private final MakeKeyPair keyPairs;
    private final ActivationAgreement agreement;
    private final TenantTrust trust;
    private final FactorRefusals refusals;
    private final DestroyKeys destroy;
    private final AuditLog audit;

    public RenewCredential(
            HoldersAct act,
            Renewals renewals,
            Credentials credentials,
            MakeKeyPair keyPairs,
            ActivationAgreement agreement,
            TenantTrust trust,
            FactorRefusals refusals,
            DestroyKeys destroy,
            AuditLog audit) {
        this.act = act;
        this.renewals = renewals;
        this.credentials = credentials;
        this.keyPairs = keyPairs;
        this.agreement = agreement;
        this.trust = trust;
        this.refusals = refusals;
        this.destroy = destroy;
        this.audit = audit;
    }

    /**
     * The holder's factors, and what to ask the authority for.
     *
     * @param newKey false when left out; what follows of the key goes with it alone, by default the present key's algorithm
     * @param subject RFC 4514; that of the present certificate when left out
     */
    public record RenewalRequest(
            @JsonProperty("PIN") String pin,
            @JsonProperty("OTP") String otp,
            Boolean newKey,
            String keyAlgorithm,
            @JsonAlias("keySize") Integer keyLength,
            String curve,
            String csrSignatureAlgorithm,
            String subject) {

        @Override
        public String toString() {
            return "a request for renewal";
        }

        private boolean wantsNewKey() {
            return Boolean.TRUE.equals(newKey);
        }
    }

    /** @return the request for the certificate: PKCS#10 in PEM */
    String ask(Caller caller, String credentialId, RenewalRequest request) {
        var held = act.reach(caller, credentialId);
        var credential = held.credential();
        var algorithm = algorithm(request, credential.keyAlgorithm().orElseThrow());
        var wanted = Wanted.of(subject(request, credential), request.csrSignatureAlgorithm(), algorithm);
        var asked = act.perform(
                REQUESTED,
                held,
                new SentFactors(request.pin(), request.otp()),
                STATES,
                (factors, acceptance) -> store(
                        acceptance,
                        MovedKeys.use(
                                credential,
                                () -> act.now(held),
                                now -> prepare(now, factors, request.wantsNewKey(), algorithm, wanted))));
        try {
            audit.append(CredentialEvent.success(REQUESTED, caller, credential)
                    .detail(NEW_KEY, request.wantsNewKey())
                    .detail("algorithm", algorithm));
            asked.displaced().forEach(destroy::destroy);
        } catch (RuntimeException failed) {
            takeBack(credential, asked.prepared());
            throw failed;
        }
        return asked.prepared().csr();
    }

    /** @param newKeyPair nobody's until it is stored; none when the present key is to be renewed */
    private record Prepared(Optional<KeyPair> newKeyPair, String csr) {}

    /** @param displaced keys that waited before */
    private record Asked(Prepared prepared, List<Condemned> displaced) {}

    /**
     * The request, before anything is stored. What protects the credential is taken from the database, so a new key is bound to it
     * only after the present key was opened with the same: who writes the database gets no key that opens with less.
     */
    private Prepared prepare(
            Credential credential, ActivationKey factors, boolean newKey, KeyAlgorithm algorithm, Wanted wanted) {
        var present = credential.keyPair().orElseThrow();
        try (var wrapping = agreement.recover(
                credential.protection(), factors, credential.activationPublic(), present.ephemeral())) {
            if (!newKey) {
                var csr = keyPairs.request(present, present.decodedPublicKey(), wrapping, wanted);
                return new Prepared(Optional.empty(), csr);
            }
            keyPairs.requireOpened(present, wrapping);
        }
        var made = keyPairs.make(credential, algorithm, wanted);
        return new Prepared(Optional.of(made.keyPair()), made.csr());
    }

    /** @return empty when the factors are not accepted */
    private Optional<Asked> store(Acceptance acceptance, Prepared prepared) {
        try {
            var displaced = renewals.ask(acceptance, prepared.newKeyPair());
            if (displaced.isEmpty()) {
                discard(acceptance.credential(), prepared.newKeyPair());
            }
            return displaced.map(keys -> new Asked(prepared, keys));
        } catch (RuntimeException failed) {
            // It may be stored all the same.
            takeBack(acceptance.credential(), prepared);
            throw failed;
        }
    }

    /** Nobody got the request. A key that may still wait is not destroyed. */
    private void takeBack(Credential credential, Prepared prepared) {
        Optional<KeyPair> withdrawn;
        try {
            withdrawn = renewals.withdraw(credential.id(), prepared.newKeyPair());
        } catch (RuntimeException failed) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A renewal of the credential " + credential.id() + " may wait although its request was not given",
                    failed);
            return;
        }
        discard(credential, withdrawn);
    }

    /** A failure is not what the call is to be answered with. */
    private void discard(Credential credential, Optional<KeyPair> newKeyPair) {
        try {
            newKeyPair.ifPresent(keyPairs::destroy);
        } catch (RuntimeException away) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A new key of the credential " + credential.id() + " that is of no use stays in its vault",
                    away);
        }
    }

    /** @param credential in the reach of the caller, who may add the first certificate too */
    void addCertificate(Caller caller, Credential credential, String pkcs7) {
        credential.requireCertificate();
        if (pkcs7 == null || pkcs7.isEmpty()) {
            throw ProtocolException.invalidRequest("pkcs7 is required");
        }
        var next = requireAsked(caller, credential);
        addCertificate(caller, credential, next, UnverifiedCertificates.parse(pkcs7));
    }

    /** As {@link #addCertificate(Caller, Credential, String)}. */
    public void addCertificate(Caller caller, Credential credential, UnverifiedCertificates certificates) {
        addCertificate(caller, credential, requireAsked(caller, credential), certificates);
    }

    /**
     * Whose certificate a renewal waits for.
     *
     * @throws ProtocolException {@code conflict} when none waits, or the credential is not in service
     */
    public KeyPair requireAsked(Caller caller, Credential credential) {
        credential.requireCertificate();
        refusals.requireState(RENEWED, caller, credential, STATES);
        if (!credential.isRenewalAsked()) {
            throw nothingWaits();
        }
        return credential.newKeyPair().orElseGet(() -> credential.keyPair().orElseThrow());
    }

    private void addCertificate(
            Caller caller, Credential credential, KeyPair next, UnverifiedCertificates certificates) {
        var chain = trust.verify(credential, next, certificates);
        if (chain.endEntity().equals(credential.chain().orElseThrow().endEntity())) {
            throw ProtocolException.invalidRequest("The credential has this certificate already");
        }
        var former = renewals.renew(credential, chain).orElseThrow(() -> {
            refusals.requireState(
                    RENEWED, caller, credentials.require(credential.id().toString()), STATES);
            // An equal call at the same moment did it, or another renewal was asked for.
            return nothingWaits();
        });
        audit.append(CredentialEvent.success(RENEWED, caller, credential)
                .detail(NEW_KEY, !former.isEmpty())
                .detail("serialNumber", chain.serialNumber().toString(16)));
        former.forEach(destroy::destroy);
    }

    private static KeyAlgorithm algorithm(RenewalRequest request, KeyAlgorithm present) {
        boolean asked = request.keyAlgorithm() != null || request.keyLength() != null || request.curve() != null;
        if (!asked) {
            return present;
        }
        if (!request.wantsNewKey()) {
            throw ProtocolException.invalidRequest("keyAlgorithm, keyLength and curve are for a newKey");
        }
        return KeyAlgorithm.of(request.keyAlgorithm(), request.keyLength(), request.curve());
    }

    private static X500Principal subject(RenewalRequest request, Credential credential) {
        return request.subject() == null
                ? credential.chain().orElseThrow().endEntity().getSubjectX500Principal()
                : SubjectName.parse(request.subject());
    }

    private static ProtocolException nothingWaits() {
        return new ProtocolException(SignerError.CONFLICT, "No renewal waits for its certificate");
    }
}
