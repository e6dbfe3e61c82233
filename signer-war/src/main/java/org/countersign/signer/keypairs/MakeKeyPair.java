package org.countersign.signer.keypairs;

import java.security.PublicKey;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.x509.CertificateRequest;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.keys.KeyVault;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.credentials.KeyPair;
import org.countersign.signer.factors.ActivationAgreement;

/** Key pairs bound to a credential's factors, in the vault of its tenant, and requests for the certificates of keys (RFC 2986). */
public final class MakeKeyPair {

    private final Vaults vaults;
    private final ActivationAgreement agreement;
    private final Entropy entropy;

    public MakeKeyPair(Vaults vaults, ActivationAgreement agreement, Entropy entropy) {
        this.vaults = vaults;
        this.agreement = agreement;
        this.entropy = entropy;
    }

    /** What the request for a certificate is to say, and how it is signed. */
    public record Wanted(X500Principal subject, SignatureAlgorithm signatureAlgorithm) {

        /** @param signatureAlgorithm as {@code signAlgo} of the signatures; one that fits the key when left out */
        public static Wanted of(X500Principal subject, String signatureAlgorithm, KeyAlgorithm key) {
            if (signatureAlgorithm == null || signatureAlgorithm.isEmpty()) {
                return new Wanted(subject, key.signatureAlgorithms().get(0));
            }
            var algorithm = SignatureAlgorithm.parse(signatureAlgorithm, null);
            algorithm.requireFits(key);
            return new Wanted(subject, algorithm);
        }
    }

    /** @param csr PKCS#10 in PEM */
    public record Made(KeyPair keyPair, String csr) {}

    /** It is nobody's until it is stored; what can not be is to be taken back by {@link #destroy}. */
    public Made make(Credential credential, KeyAlgorithm algorithm, Wanted wanted) {
        var vault = vaults.forNewKeysOf(credential.seat().tenant());
        var agreed = agreement.agree(credential.protection(), credential.activationPublic());
        // Its own identifier, so that of two generations at once each has its own key and the loser's can go.
        var keyId = entropy.uuid();
        try (var wrapping = agreed.wrapping()) {
            var publicKey = vault.vault().generate(keyId, algorithm, wrapping);
            var keyPair = new KeyPair(keyId, vault.name(), algorithm, publicKey.getEncoded(), agreed.ephemeral());
            return new Made(keyPair, request(keyPair, publicKey, wrapping, wanted));
        } catch (RuntimeException failed) {
            vault.vault().destroy(keyId);
            throw failed;
        }
    }

    /** @throws KeyNotOpenedException unless the key is there and this is what it was wrapped with */
    public void requireOpened(KeyPair keyPair, ActivationKey wrapping) {
        vaults.named(keyPair.vault()).open(keyPair.keyId(), wrapping).close();
    }

    /**
     * @return PKCS#10 in PEM, of a key that is there
     * @throws KeyNotOpenedException as {@link #requireOpened}
     */
    public String request(KeyPair keyPair, PublicKey publicKey, ActivationKey wrapping, Wanted wanted) {
        var vault = vaults.named(keyPair.vault());
        var algorithm = wanted.signatureAlgorithm();
        return CertificateRequest.pem(
                publicKey,
                wanted.subject(),
                algorithm.algorithmIdentifier(),
                toBeSigned -> sign(vault, keyPair, wrapping, algorithm, toBeSigned));
    }

    public void destroy(KeyPair keyPair) {
        vaults.named(keyPair.vault()).destroy(keyPair.keyId());
    }

    private static byte[] sign(
            KeyVault vault, KeyPair keyPair, ActivationKey wrapping, SignatureAlgorithm algorithm, byte[] toBeSigned) {
        try (var key = vault.open(keyPair.keyId(), wrapping)) {
            return key.sign(algorithm, algorithm.isPrehashed() ? algorithm.digest(toBeSigned) : toBeSigned);
        }
    }
}
