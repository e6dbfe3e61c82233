package org.countersign.signer.signatures;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.server.keys.SigningKey;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.activation.Activation;
import org.countersign.signer.activation.Activations;
import org.countersign.signer.activation.Hashes;
import org.countersign.signer.activation.Sad;
import org.countersign.signer.activation.SadTokens;
import org.countersign.signer.certificates.UsableCertificate;
import org.countersign.signer.configuration.AuthorizationConfigurations;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.FactorAttempts;
import org.countersign.signer.keypairs.MovedKeys;
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
    private final Counter signed;

    /** @param signed signatures that left, by key and algorithm */
    public SignHashes(
            Activations activations,
            SadTokens sads,
            AuthorizationConfigurations authorizations,
            UsableCertificate usable,
            Vaults vaults,
            AuditLog audit,
            Counter signed) {
        this.activations = activations;
        this.sads = sads;
        this.authorizations = authorizations;
        this.usable = usable;
        this.vaults = vaults;
        this.audit = audit;
        this.signed = signed;
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

    /** In the seed's dialect. */
    public SignAnswer sign(Caller caller, SignRequest request) {
        caller.requireSeat();
        if (request.credentialId() == null || request.credentialId().isEmpty()) {
            throw ProtocolException.invalidRequest("credentialId is required");
        }
        if (request.sad() == null || request.sad().isEmpty()) {
            throw ProtocolException.invalidRequest("SAD is required");
        }
        var algorithm = SignatureAlgorithm.parse(request.signAlgo(), request.hashAlgo());
        return sign(caller, request.credentialId(), request.sad(), algorithm, Hashes.decode(request.hash()));
    }

    /** @param hashes one or more, none of them empty */
    public SignAnswer sign(
            Caller caller, String credentialId, String sad, SignatureAlgorithm algorithm, List<byte[]> hashes) {
        return sign(caller, credentialId, sad, algorithm, new Wanted(hashes, hashes));
    }

    /**
     * What is signed, and what it was authorized as.
     *
     * @param authorized taken from the authorization, one for each signature; with documents, the documents' own hashes
     * @param signed hashes that fit the algorithm, made by this server of what was authorized
     */
    public record Wanted(List<byte[]> authorized, List<byte[]> signed) {

        public Wanted {
            if (authorized.size() != signed.size()) {
                throw new IllegalArgumentException("Each signature takes one of what was authorized");
            }
        }
    }

    /** As {@link #sign(Caller, String, String, SignatureAlgorithm, List)}. */
    public SignAnswer sign(
            Caller caller, String credentialId, String sad, SignatureAlgorithm algorithm, Wanted wanted) {
        var seat = caller.requireSeat();
        try {
            return sign(caller, seat, credentialId, sad, algorithm, wanted);
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
            Caller caller,
            SeatName seat,
            String credentialId,
            String text,
            SignatureAlgorithm algorithm,
            Wanted wanted) {
        var sad = sads.open(text);
        try (var activationKey = sad.key()) {
            if (!sad.clientId().equals(caller.clientId()) || !sad.seat().equals(seat)) {
                throw SadTokens.invalid();
            }
            var recent = activations.recent(sad.activationId(), caller.clientId(), seat);
            if (recent.isPresent()) {
                try {
                    requireItsOwn(recent, sad, credentialId);
                    var answer = takeAndSign(caller, recent.get(), activationKey, algorithm, wanted);
                    if (answer.isPresent()) {
                        return answer.get();
                    }
                } catch (ProtocolException | KeyNotOpenedException refused) {
                    // Before anything was taken.
                    activations.forget(recent.get());
                    if (refused instanceof ProtocolException away
                            && away.code() == OAuth2Error.TEMPORARILY_UNAVAILABLE) {
                        // What is stored says nothing else, and another try would wait as long again.
                        throw away;
                    }
                }
                // What is stored now says why, the same on every node.
            }
            return MovedKeys.use(
                    stored(caller, seat, sad, credentialId),
                    () -> stored(caller, seat, sad, credentialId),
                    found -> takeAndSign(caller, found, activationKey, algorithm, wanted)
                            .orElseThrow(() -> new ProtocolException(SignerError.INVALID_SAD, "The SAD is used up")));
        }
    }

    private Activations.Found stored(Caller caller, SeatName seat, Sad sad, String credentialId) {
        var found = requireItsOwn(activations.find(sad.activationId(), caller.clientId(), seat), sad, credentialId);
        if (found.credential().isLocked(configuration(found))) {
            throw FactorAttempts.locked();
        }
        return found;
    }

    private static Activations.Found requireItsOwn(Optional<Activations.Found> found, Sad sad, String credentialId) {
        return found.filter(candidate -> candidate.isOf(sad, credentialId)).orElseThrow(SadTokens::invalid);
    }

    private AuthorizationConfiguration configuration(Activations.Found found) {
        return authorizations.of(found.credential().configurationId());
    }

    /** @return empty when nothing could be taken */
    private Optional<SignAnswer> takeAndSign(
            Caller caller,
            Activations.Found found,
            ActivationKey activationKey,
            SignatureAlgorithm algorithm,
            Wanted wanted) {
        var credential = found.credential();
        var activation = found.activation();
        algorithm.requireFits(credential.keyAlgorithm().orElseThrow());
        wanted.signed().forEach(algorithm::requireLength);
        var take = activation
                .take(wanted.authorized())
                .orElseThrow(() -> ProtocolException.invalidRequest(Activation.NOT_AUTHORIZED));
        usable.require(caller, credential);
        try (var key = vaults.named(credential.vault()).open(credential.keyId(), activationKey)) {
            if (!activations.take(found, take, configuration(found).maxFailures())) {
                return Optional.empty();
            }
            var signatures = sign(key, activation.id(), algorithm, wanted.signed(), take);
            var event = CredentialEvent.success("signature.created", caller, credential)
                    .detail("activation", activation.id())
                    .detail("signAlgo", algorithm)
                    .detail("hashes", evidence(algorithm, wanted.signed()));
            audit.append(
                    wanted.authorized() == wanted.signed()
                            ? event
                            : event.detail("authorized", base64(wanted.authorized().stream())));
            signed.labelValues(key.algorithm().name(), algorithm.name()).inc(signatures.size());
            return Optional.of(new SignAnswer(signatures));
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
        return base64(hashes.stream().map(hash -> algorithm.isPrehashed() ? hash : DigestUtils.sha256(hash)));
    }

    private static String base64(Stream<byte[]> values) {
        return values.map(Base64.getEncoder()::encodeToString).collect(Collectors.joining(" "));
    }
}
