package org.countersign.cli.tenant;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.countersign.cli.process.PrivateFile;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.x509.TrustAnchors;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.PassphraseKey;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.keys.AesKey;
import org.jose4j.lang.JoseException;

/** How a tenant file's own key, 32 random bytes, is wrapped for who may read the file. */
final class FileKey {

    private static final int LENGTH = 32;
    private static final int LEAST_RSA_BITS = 2_048;
    private static final int MOST_MEMORY_KIB = 131_072;
    private static final int MOST_ITERATIONS = 16;

    private FileKey() {}

    /** Writes the first line for a file's key. */
    @FunctionalInterface
    interface Wrapping {
        FileHeader wrap(byte[] fileKey);
    }

    /** Finds the file's key. */
    @FunctionalInterface
    interface Unwrapping {
        /** @throws Refusal when it is another passphrase or key, or the line was changed */
        byte[] unwrap(FileHeader header);
    }

    static byte[] random(Entropy entropy) {
        return entropy.bytes(LENGTH);
    }

    static Wrapping forPassphrase(byte[] passphrase, Entropy entropy) {
        return fileKey -> {
            var salt = entropy.bytes(PassphraseKey.SALT_LENGTH);
            var cost = PassphraseKey.COST;
            var derived = PassphraseKey.derive(passphrase, cost, salt);
            try {
                var jwe = wrap(fileKey, KeyManagementAlgorithmIdentifiers.A256KW, new AesKey(derived));
                return new FileHeader(
                        FileHeader.FORMAT, jwe, new FileHeader.Derivation(cost.memoryKib(), cost.iterations(), salt));
            } finally {
                Arrays.fill(derived, (byte) 0);
            }
        };
    }

    static Unwrapping withPassphrase(byte[] passphrase) {
        return header -> {
            var derivation = header.argon2id();
            if (derivation == null) {
                throw Refusal.failed("The file is encrypted for a certificate: name its private key with --key.");
            }
            if (derivation.memoryKiB() < PassphraseKey.COST.memoryKib()
                    || derivation.memoryKiB() > MOST_MEMORY_KIB
                    || derivation.iterations() < 1
                    || derivation.iterations() > MOST_ITERATIONS
                    || derivation.salt() == null
                    || derivation.salt().length != PassphraseKey.SALT_LENGTH) {
                throw changed("passphrase");
            }
            var cost = new Argon2Cost(derivation.memoryKiB(), derivation.iterations());
            var derived = PassphraseKey.derive(passphrase, cost, derivation.salt());
            try {
                return unwrap(header, KeyManagementAlgorithmIdentifiers.A256KW, new AesKey(derived), "passphrase");
            } finally {
                Arrays.fill(derived, (byte) 0);
            }
        };
    }

    static Wrapping forCertificate(X509Certificate recipient) {
        var algorithm = algorithm(recipient.getPublicKey());
        return fileKey -> new FileHeader(FileHeader.FORMAT, wrap(fileKey, algorithm, recipient.getPublicKey()), null);
    }

    static Unwrapping withPrivateKey(PrivateKey key) {
        return header -> {
            if (header.argon2id() != null) {
                throw Refusal.failed("The file is encrypted by a passphrase: name its file with --passphrase-file.");
            }
            var algorithm = key instanceof RSAKey
                    ? KeyManagementAlgorithmIdentifiers.RSA_OAEP_256
                    : KeyManagementAlgorithmIdentifiers.ECDH_ES_A256KW;
            return unwrap(header, algorithm, key, "private key");
        };
    }

    static X509Certificate certificate(Path file) throws IOException {
        try {
            var certificates = TrustAnchors.read(SecretFile.text(file)).certificates();
            if (certificates.size() == 1) {
                return certificates.iterator().next();
            }
        } catch (IllegalArgumentException malformed) {
            // as below
        }
        throw Refusal.failed(file + " is not one certificate in PEM.");
    }

    static PrivateKey privateKey(Path file) throws IOException {
        PrivateFile.refuseReadableByOthers(file);
        var pem = SecretFile.text(file);
        try (var reader = new PEMParser(new StringReader(pem))) {
            if (reader.readObject() instanceof PrivateKeyInfo info) {
                return new JcaPEMKeyConverter().getPrivateKey(info);
            }
        } catch (IOException malformed) {
            throw Refusal.failed(file + " is no private key in PEM (PKCS#8, without a password).");
        }
        throw Refusal.failed(file + " is no private key in PEM (PKCS#8, without a password).");
    }

    private static String algorithm(PublicKey key) {
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= LEAST_RSA_BITS) {
            return KeyManagementAlgorithmIdentifiers.RSA_OAEP_256;
        }
        if (key instanceof ECPublicKey) {
            return KeyManagementAlgorithmIdentifiers.ECDH_ES_A256KW;
        }
        throw Refusal.failed("The recipient's key must be RSA of 2048 bits or more, or EC on P-256, P-384 or P-521.");
    }

    private static String wrap(byte[] fileKey, String algorithm, Key key) {
        try {
            var jwe = envelope(algorithm, key);
            jwe.setAlgorithmHeaderValue(algorithm);
            jwe.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
            jwe.setPlaintext(fileKey);
            return jwe.getCompactSerialization();
        } catch (JoseException unfit) {
            throw Refusal.failed("The file's key can not be wrapped: the recipient's key does not fit.");
        }
    }

    private static byte[] unwrap(FileHeader header, String algorithm, Key key, String what) {
        try {
            var jwe = envelope(algorithm, key);
            jwe.setCompactSerialization(header.key());
            if (jwe.getHeader("zip") != null) {
                throw changed(what);
            }
            var fileKey = jwe.getPlaintextBytes();
            if (fileKey.length != LENGTH) {
                throw changed(what);
            }
            return fileKey;
        } catch (JoseException | RuntimeException wrong) {
            // Of any kind: the library meets a missing member of the header with a NullPointerException.
            throw changed(what);
        }
    }

    private static JsonWebEncryption envelope(String algorithm, Key key) {
        var jwe = new JsonWebEncryption();
        jwe.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, algorithm));
        jwe.setContentEncryptionAlgorithmConstraints(
                new AlgorithmConstraints(ConstraintType.PERMIT, ContentEncryptionAlgorithmIdentifiers.AES_256_GCM));
        jwe.setKey(key);
        return jwe;
    }

    private static Refusal changed(String what) {
        return Refusal.failed("The file does not open: the " + what + " is another one, or the file was changed.");
    }
}
