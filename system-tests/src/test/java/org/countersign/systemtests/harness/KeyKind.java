package org.countersign.systemtests.harness;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A key pair to ask for, with a signature algorithm that fits and how {@code openssl pkeyutl} checks it. */
public enum KeyKind {
    RSA_2048("RSA", 2048, null, "SHA256WITHRSA", "SHA-256", pkcs1("sha256")),
    RSA_3072("RSA", 3072, null, "SHA384WITHRSA", "SHA-384", pkcs1("sha384")),
    RSA_4096("RSA", 4096, null, "SHA512WITHRSA", "SHA-512", pkcs1("sha512")),
    PSS_2048("RSA", 2048, null, "SHA256WITHRSAANDMGF1", "SHA-256", pss("sha256")),
    PSS_3072("RSA", 3072, null, "SHA512WITHRSAANDMGF1", "SHA-512", pss("sha512")),
    P_256("EC", null, "P-256", "SHA256WITHECDSA", "SHA-256", List.of()),
    P_384("EC", null, "P-384", "SHA384WITHECDSA", "SHA-384", List.of()),
    P_521("EC", null, "P-521", "SHA512WITHECDSA", "SHA-512", List.of()),
    ED25519("Ed25519", null, null, "ED25519", "SHA-256", List.of("-rawin"));

    private final String keyAlgorithm;
    private final Integer keyLength;
    private final String curve;
    private final String signAlgo;
    private final String hash;
    private final List<String> opensslOptions;

    KeyKind(
            String keyAlgorithm,
            Integer keyLength,
            String curve,
            String signAlgo,
            String hash,
            List<String> opensslOptions) {
        this.keyAlgorithm = keyAlgorithm;
        this.keyLength = keyLength;
        this.curve = curve;
        this.signAlgo = signAlgo;
        this.hash = hash;
        this.opensslOptions = opensslOptions;
    }

    /** The body of the call that generates the key pair. */
    public Map<String, Object> request() {
        var body = new LinkedHashMap<String, Object>();
        body.put("keyAlgorithm", keyAlgorithm);
        if (keyLength != null) {
            body.put("keyLength", keyLength);
        }
        if (curve != null) {
            body.put("curve", curve);
        }
        body.put("csrSignatureAlgorithm", signAlgo);
        return body;
    }

    public String signAlgo() {
        return signAlgo;
    }

    /** The hash of a text; for Ed25519 it is the message. */
    public byte[] hash(String text) {
        try {
            return MessageDigest.getInstance(hash).digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    List<String> opensslOptions() {
        return opensslOptions;
    }

    private static List<String> pkcs1(String digest) {
        return List.of("-pkeyopt", "rsa_padding_mode:pkcs1", "-pkeyopt", "digest:" + digest);
    }

    private static List<String> pss(String digest) {
        return List.of(
                "-pkeyopt",
                "rsa_padding_mode:pss",
                "-pkeyopt",
                "digest:" + digest,
                "-pkeyopt",
                "rsa_mgf1_md:" + digest,
                "-pkeyopt",
                "rsa_pss_saltlen:digest");
    }
}
