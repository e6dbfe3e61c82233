package org.countersign.agent.keys;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Cipher;
import org.countersign.agent.loopback.AnswerSigner;
import org.countersign.core.entropy.Entropy;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.HeaderParameterNames;
import org.jose4j.lang.JoseException;

/**
 * The RSA key of the v3 SDK: pages encrypt PINs for it (RFC 8017 §7.2) and check answers that came without TLS by it
 * (RFC 8017 §8.2, SHA-256), our own SDK as RS256 (RFC 7518 §3.3).
 */
public final class DeviceKey implements AnswerSigner {

    private static final String FILE = "device-key.der";

    private final CompletableFuture<KeyPair> pair;

    private DeviceKey(CompletableFuture<KeyPair> pair) {
        this.pair = pair;
    }

    /** Done when the key is in its file. */
    public CompletableFuture<?> made() {
        return pair;
    }

    public static DeviceKey open(PrivateFolder folder, Entropy entropy) {
        return new DeviceKey(RsaKeyFile.open(folder, FILE, entropy));
    }

    public RSAPublicKey key() {
        return (RSAPublicKey) pair.join().getPublic();
    }

    /** SubjectPublicKeyInfo as PEM. */
    public String publicKey() {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.join().getPublic().getEncoded());
        return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
    }

    /** What was encrypted for this key; nothing when it was not. */
    public Optional<byte[]> decrypt(byte[] encrypted) {
        try {
            var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.DECRYPT_MODE, pair.join().getPrivate());
            return Optional.of(cipher.doFinal(encrypted));
        } catch (GeneralSecurityException notForUs) {
            return Optional.empty();
        }
    }

    @Override
    public String sign(byte[] data) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.join().getPrivate());
            signature.update(data);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("The device key does not sign", impossible);
        }
    }

    @Override
    public String signCompact(String type, byte[] payload) {
        try {
            var jws = new JsonWebSignature();
            jws.setHeader(HeaderParameterNames.TYPE, type);
            jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
            jws.setKey(pair.join().getPrivate());
            jws.setPayloadBytes(payload);
            return jws.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException("The device key does not sign", impossible);
        }
    }
}
