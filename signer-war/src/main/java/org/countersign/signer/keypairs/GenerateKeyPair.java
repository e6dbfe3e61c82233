package org.countersign.signer.keypairs;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.x509.CertificateRequest;
import org.countersign.core.x509.SubjectName;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.KeyVault;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialInReach;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.credentials.KeyPair;
import org.countersign.signer.factors.ActivationAgreement;

/** Makes a credential's key pair and the request for its certificate (seed, "Generate Key Pair"; RFC 2986). */
public final class GenerateKeyPair {

    private final Credentials credentials;
    private final Vaults vaults;
    private final ActivationAgreement agreement;
    private final Entropy entropy;
    private final AuditLog audit;

    public GenerateKeyPair(
            Credentials credentials, Vaults vaults, ActivationAgreement agreement, Entropy entropy, AuditLog audit) {
        this.credentials = credentials;
        this.vaults = vaults;
        this.agreement = agreement;
        this.entropy = entropy;
        this.audit = audit;
    }

    /**
     * As it comes in.
     *
     * @param keyLength in bits, for RSA
     * @param curve for EC
     * @param csrSignatureAlgorithm as {@code signAlgo} of the signatures
     * @param subject RFC 4514; the seat's common name when left out
     */
    public record KeyPairRequest(
            String keyAlgorithm,
            @JsonAlias("keySize") Integer keyLength,
            String curve,
            String csrSignatureAlgorithm,
            String subject) {}

    /** @param csr PKCS#10 in PEM */
    public record KeyPairAnswer(String csr) {}

    public KeyPairAnswer generate(Caller caller, CredentialInReach reached, KeyPairRequest request) {
        var credential = reached.credential();
        var algorithm = KeyAlgorithm.of(request.keyAlgorithm(), request.keyLength(), request.curve());
        var signatureAlgorithm = signatureAlgorithm(request, algorithm);
        var subject = subject(request, credential);
        if (credential.publicKey().isPresent()) {
            throw new ProtocolException(SignerError.CONFLICT, "The key pair is generated already");
        }
        if (!credential.hasFactorsOf(reached.configuration())) {
            throw new ProtocolException(
                    SignerError.CONFLICT, "Every factor must be set and confirmed before the key pair");
        }
        var vault = vaults.forNewKeysOf(credential.seat().tenant());
        var agreed = agreement.agree(credential.protection(), credential.activationPublic());
        // Its own identifier, so that of two generations at once each has its own key and the loser's can go.
        var keyId = entropy.uuid();
        try (var wrapping = agreed.wrapping()) {
            var publicKey = vault.vault().generate(keyId, algorithm, wrapping);
            var keyPair = new KeyPair(keyId, vault.name(), algorithm, publicKey.getEncoded(), agreed.ephemeral());
            var csr = CertificateRequest.pem(
                    publicKey,
                    subject,
                    signatureAlgorithm.algorithmIdentifier(),
                    toBeSigned -> sign(vault.vault(), keyId, wrapping, signatureAlgorithm, toBeSigned));
            if (!credentials.setKeyPair(credential.id(), reached.configuration(), keyPair)) {
                throw new ProtocolException(SignerError.CONFLICT, "The key pair is generated already");
            }
            audit.append(CredentialEvent.success("keypair.generated", caller, credential)
                    .detail("algorithm", algorithm)
                    .detail("vault", vault.name()));
            return new KeyPairAnswer(csr);
        } catch (RuntimeException failed) {
            // Nobody got the request: take the key back, so that the call can be made again.
            credentials.removeKeyPair(credential.id(), keyId);
            vault.vault().destroy(keyId);
            throw failed;
        }
    }

    private static byte[] sign(
            KeyVault vault, UUID keyId, ActivationKey wrapping, SignatureAlgorithm algorithm, byte[] toBeSigned) {
        try (var key = vault.open(keyId, wrapping)) {
            return key.sign(algorithm, algorithm.isPrehashed() ? algorithm.digest(toBeSigned) : toBeSigned);
        }
    }

    private static SignatureAlgorithm signatureAlgorithm(KeyPairRequest request, KeyAlgorithm key) {
        if (request.csrSignatureAlgorithm() == null
                || request.csrSignatureAlgorithm().isEmpty()) {
            return key.signatureAlgorithms().get(0);
        }
        var algorithm = SignatureAlgorithm.parse(request.csrSignatureAlgorithm(), null);
        algorithm.requireFits(key);
        return algorithm;
    }

    private static X500Principal subject(KeyPairRequest request, Credential credential) {
        return request.subject() == null
                ? SubjectName.ofCommonName(credential.seat().toString())
                : SubjectName.parse(request.subject());
    }
}
