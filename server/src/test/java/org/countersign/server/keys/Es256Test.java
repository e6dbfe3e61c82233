package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.Es256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Signatures by the JDK, verified by each provider that the server may take. */
class Es256Test {

    @TempDir
    static Path folder;

    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    static Stream<SignatureProvider> providers() {
        return Stream.of(SignatureProvider.jdk(Entropy.system()), SignatureProvider.fastest(folder, Entropy.system()));
    }

    @Test
    void theFastOneIsThereOnThisMachine() {
        assertThat(SignatureProvider.fastest(folder, Entropy.system()).isNative())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void goodSignaturesOfManyKeysPass(SignatureProvider provider) throws GeneralSecurityException {
        for (int i = 0; i < 50; i++) {
            assertThat(verify(jws(newKeys()), provider.es256())).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void whatIsNoSignatureOfThisDoesNotPass(SignatureProvider provider) throws GeneralSecurityException {
        var good = jws(newKeys());
        int dot = good.lastIndexOf('.');
        var signature = Base64.getUrlDecoder().decode(good.substring(dot + 1));
        var r = Arrays.copyOf(signature, 32);
        var s = Arrays.copyOfRange(signature, 32, 64);
        var zero = new byte[32];
        var order = fixed(ORDER);
        for (var wrong :
                new byte[][][] {{zero, zero}, {r, zero}, {zero, s}, {order, order}, {r, order}, {order, s}, {s, r}}) {
            var changed = good.substring(0, dot + 1) + base64(join(wrong[0], wrong[1]));
            assertThat(verify(changed, provider.es256())).as(changed).isFalse();
        }
        for (int i = 0; i < 64; i++) {
            var changed = signature.clone();
            changed[i] ^= 1;
            assertThat(verify(good.substring(0, dot + 1) + base64(changed), provider.es256()))
                    .isFalse();
        }
        var other = jws(newKeys());
        assertThat(verify(good.substring(0, dot + 1) + other.substring(other.lastIndexOf('.') + 1), provider.es256()))
                .isFalse();
    }

    private static boolean verify(String jws, Es256 es256) {
        return CompactJws.verify(jws, "test+jwt", es256).isPresent();
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static String jws(KeyPair keys) throws GeneralSecurityException {
        var point = ((ECPublicKey) keys.getPublic()).getW();
        var header = "{\"typ\":\"test+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
                + base64(fixed(point.getAffineX())) + "\",\"y\":\"" + base64(fixed(point.getAffineY())) + "\"}}";
        var content = base64(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64("{\"claim\":1}".getBytes(StandardCharsets.UTF_8));
        var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(keys.getPrivate());
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + base64(signature.sign());
    }

    private static byte[] fixed(BigInteger value) {
        var bytes = value.toByteArray();
        var fixed = new byte[32];
        int used = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - used, fixed, 32 - used, used);
        return fixed;
    }

    private static byte[] join(byte[] first, byte[] second) {
        var all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
