package org.countersign.signer.signatures;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.server.keys.SigningKey;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.activation.Hashes;
import org.countersign.signer.activation.SadTokens;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.keypairs.Vaults;

/**
 * Signs authorized hashes (seed, "Create a Signature"). The order of things: everything that can be refused is refused
 * first; then the hashes are taken from the activation, in one statement; then they are signed; then the audit entry is
 * made; and only then do the signatures leave. A crash in between loses signatures, never authorization or evidence.
 */
public final class SignHashes {

    private final Activations activations;
    private final SadTokens sads;
    private final AuthorizationConfigurations authorizations;
    private final UsableCertificate usable;
    private final Vaults vaults;
    private final AuditLog audit;

    public SignHashes(
            Activations activations,
            SadTokens sads,
            AuthorizationConfigurations authorizations,
            UsableCertificate usable,
            Vaults vaults,
            AuditLog audit) {
        this.activations = activations;
        this.sads = sads;
        this.authorizations = authorizations;
        this.usable = usable;
        this.vaults = vaults;
        this.audit = audit;
    }

    /**
     * As it comes in.
     *
     * @param hash base64, each one authorized
     * @param hashAlgo only when {@code signAlgo} does not name the hash algorithm
     */
    public record SignRequest(
            @JsonAlias("credentialID") String credentialId,
            @JsonProperty("SAD") String sad,
            List<String> hash,
            String hashAlgo,
            String signAlgo) {

        @Override
        public String toString() {
            return "signatures by credential " + credentialId;
        }
    }

    /** @param signatures base64, in the order of {@code hash} */
    public record SignAnswer(List<String> signatures) {}

    public SignAnswer sign(Caller caller, SignRequest request) {
        var seat = caller.requireSeat();
        if (request.credentialId() == null || request.credentialId().isEmpty()) {
            throw ProtocolException.invalidRequest("credentialId is required");
        }
        if (request.sad() == null || request.sad().isEmpty()) {
            throw ProtocolException.invalidRequest("SAD is required");
        }
        var algorithm = SignatureAlgorithm.parse(request.signAlgo(), request.hashAlgo());
        var hashes = Hashes.decode(request.hash());
        try {
            return sign(caller, seat, request, algorithm, hashes);
        } catch (ProtocolException refusal) {
            audit.append(AuditEvent.failure("signature.refused")
                    .client(caller.clientId())
                    .tenant(seat.tenant())
                    .seat(seat.seat())
                    .detail("reason", refusal.description()));
            throw refusal;
        }
    }

    private SignAnswer sign(
            Caller caller, SeatName seat, SignRequest request, SignatureAlgorithm algorithm, List<byte[]> hashes) {
        var sad = sads.open(request.sad());
        try (var activationKey = sad.key()) {
            if (!sad.clientId().equals(caller.clientId()) || !sad.seat().equals(seat)) {
                throw SadTokens.invalid();
            }
            var found = activations
                    .find(sad.activationId(), caller.clientId(), seat)
                    .filter(candidate -> candidate.credential().id().toString().equals(request.credentialId()))
                    .filter(candidate ->
                            MessageDigest.isEqual(candidate.activation().binding(), sad.binding()))
                    .orElseThrow(SadTokens::invalid);
            var credential = found.credential();
            if (credential.isLocked(authorizations.of(credential.configurationId()))) {
                throw FactorAttempts.locked();
            }
            algorithm.requireFits(credential.keyAlgorithm().orElseThrow());
            hashes.forEach(algorithm::requireLength);
            var take = found.activation()
                    .take(hashes)
                    .orElseThrow(() -> ProtocolException.invalidRequest("Hash is not authorized by the SAD."));
            usable.require(caller, credential);
            return takeAndSign(caller, found, activationKey, algorithm, hashes, take);
        }
    }

    private SignAnswer takeAndSign(
            Caller caller,
            Activations.Found found,
            ActivationKey activationKey,
            SignatureAlgorithm algorithm,
            List<byte[]> hashes,
            int[] take) {
        var credential = found.credential();
        var activation = found.activation().id();
        try (var key = vaults.named(credential.vault()).open(credential.keyId(), activationKey)) {
            if (!activations.take(activation, take)) {
                throw new ProtocolException(SignerError.INVALID_SAD, "The SAD is used up");
            }
            var signatures = sign(key, activation, algorithm, hashes, take);
            audit.append(CredentialEvent.success("signature.created", caller, credential)
                    .detail("activation", activation)
                    .detail("signAlgo", algorithm)
                    .detail("hashes", evidence(algorithm, hashes)));
            return new SignAnswer(signatures);
        }
    }

    private List<String> sign(
            SigningKey key, UUID activation, SignatureAlgorithm algorithm, List<byte[]> hashes, int[] take) {
        try {
            var signatures = new ArrayList<String>(hashes.size());
            for (byte[] hash : hashes) {
                signatures.add(Base64.getEncoder().encodeToString(key.sign(algorithm, hash)));
            }
            return signatures;
        } catch (RuntimeException failed) {
            // None of them leaves, so none counts.
            activations.giveBack(activation, take);
            throw failed;
        }
    }

    /** The hashes in base64; of Ed25519, whose messages come whole, their SHA-256. */
    private static String evidence(SignatureAlgorithm algorithm, List<byte[]> hashes) {
        return hashes.stream()
                .map(hash -> algorithm.isPrehashed() ? hash : DigestUtils.sha256(hash))
                .map(Base64.getEncoder()::encodeToString)
                .collect(Collectors.joining(" "));
    }
}
