package org.countersign.signer.keypairs;

import com.fasterxml.jackson.annotation.JsonAlias;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.x509.SubjectName;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.CredentialEvent;
import org.countersign.signer.credentials.CredentialInReach;
import org.countersign.signer.credentials.Credentials;
import org.countersign.signer.keypairs.MakeKeyPair.Wanted;

/** Makes a credential's key pair and the request for its certificate (seed, "Generate Key Pair"; RFC 2986). */
public final class GenerateKeyPair {

    private final Credentials credentials;
    private final MakeKeyPair keyPairs;
    private final AuditLog audit;

    public GenerateKeyPair(Credentials credentials, MakeKeyPair keyPairs, AuditLog audit) {
        this.credentials = credentials;
        this.keyPairs = keyPairs;
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
        var algorithm = KeyAlgorithm.of(request.keyAlgorithm(), request.keyLength(), request.curve());
        var wanted = Wanted.of(subject(request, reached.credential()), request.csrSignatureAlgorithm(), algorithm);
        return generate(caller, reached, algorithm, wanted);
    }

    /** With the seat's common name. */
    public KeyPairAnswer generate(Caller caller, CredentialInReach reached, KeyAlgorithm algorithm) {
        var subject = SubjectName.ofCommonName(reached.credential().seat().toString());
        return generate(caller, reached, algorithm, Wanted.of(subject, null, algorithm));
    }

    private KeyPairAnswer generate(Caller caller, CredentialInReach reached, KeyAlgorithm algorithm, Wanted wanted) {
        var credential = reached.credential();
        if (credential.publicKey().isPresent()) {
            throw new ProtocolException(SignerError.CONFLICT, "The key pair is generated already");
        }
        if (!credential.hasFactorsOf(reached.configuration())) {
            throw new ProtocolException(
                    SignerError.CONFLICT, "Every factor must be set and confirmed before the key pair");
        }
        var made = keyPairs.make(credential, algorithm, wanted);
        var keyPair = made.keyPair();
        try {
            if (!credentials.setKeyPair(credential.id(), reached.configuration(), keyPair)) {
                throw new ProtocolException(SignerError.CONFLICT, "The key pair is generated already");
            }
            audit.append(CredentialEvent.success("keypair.generated", caller, credential)
                    .detail("algorithm", algorithm)
                    .detail("vault", keyPair.vault()));
            return new KeyPairAnswer(made.csr());
        } catch (RuntimeException failed) {
            // Nobody got the request: take the key back, so that the call can be made again.
            keyPairs.destroy(credentials
                    .removeKeyPair(credential.id(), keyPair.keyId())
                    .map(keyPair::in)
                    .orElse(keyPair));
            throw failed;
        }
    }

    private static X500Principal subject(KeyPairRequest request, Credential credential) {
        return request.subject() == null
                ? SubjectName.ofCommonName(credential.seat().toString())
                : SubjectName.parse(request.subject());
    }
}
