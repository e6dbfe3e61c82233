package org.countersign.core.oauth2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.countersign.core.jose.Es256;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.oauth2.ProofJwt.Refusal;
import org.countersign.core.oauth2.ProofJwt.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proofs are made here by hand, so that they can be wrong in every way. */
class ProofJwtTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String ADDRESS = "https://ds.example.com/ds-acme/v3/devices/1/sync";
    private static final String ID = "0123456789abcdef";
    private static final ProofJwt.Rules RULES =
            new ProofJwt.Rules("test+jwt", Duration.ofSeconds(120), Clock.fixed(NOW, ZoneOffset.UTC), Es256.jdk());
    private static final KeyPair KEYS = keys("secp256r1");

    @Test
    void aGoodProofGivesItsKeyIdentifierAndTime() throws RefusedException {
        var proof = RULES.verify(signed(header(), claims(NOW.getEpochSecond())), "POST", ADDRESS);

        assertThat(proof.id()).isEqualTo(ID);
        assertThat(proof.issuedAt()).isEqualTo(NOW);
        assertThat(proof.key().toJca()).isEqualTo(KEYS.getPublic());
    }

    @ParameterizedTest
    @ValueSource(longs = {-120, 120})
    void theWindowsEdgesAreInIt(long offset) {
        assertThatCode(() -> RULES.verify(signed(header(), claims(NOW.getEpochSecond() + offset)), "POST", ADDRESS))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(longs = {-121, 121, -3 * 3600, 3 * 3600, -30 * 86_400, 30 * 86_400})
    void aTimeOutsideTheWindowIsRefusedAsSuch(long offset) {
        refused(Refusal.TIME, signed(header(), claims(NOW.getEpochSecond() + offset)), "POST", ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "253402300799",
            })
    void theEndsOfTimeAreOutsideTheWindow(String iat) {
        refused(Refusal.TIME, signed(header(), claims(iat)), "POST", ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "9223372036854775807",
                "9223372036854775808",
                "99999999999999999999999999999999999999",
                "1e308",
                "1e999",
                "-1e999",
                "\"1780315200\"",
                "null",
                "true",
                "[1780315200]",
                "NaN"
            })
    void aTimeThatIsNoneIsRefused(String iat) {
        refused(Refusal.MALFORMED, signed(header(), claims(iat)), "POST", ADDRESS);
    }

    @Test
    void aProofIsForOneMethodAndOneAddress() {
        var proof = signed(header(), claims(NOW.getEpochSecond()));
        refused(Refusal.OTHER_REQUEST, proof, "PUT", ADDRESS);
        refused(Refusal.OTHER_REQUEST, proof, "post", ADDRESS);
        refused(Refusal.OTHER_REQUEST, proof, "POST", ADDRESS + "/");
        refused(Refusal.OTHER_REQUEST, proof, "POST", ADDRESS.replace("https", "http"));
        refused(Refusal.OTHER_REQUEST, proof, "POST", ADDRESS.replace("/1/", "/2/"));
    }

    static Stream<String> wrongHeaders() {
        var jwk = jwk(KEYS);
        var other = jwk(keys("secp256r1"));
        var large = keys("secp384r1");
        var d = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(fixed(((ECPrivateKey) KEYS.getPrivate()).getS(), 32));
        return Stream.of(
                "{}",
                "[]",
                "{\"alg\":\"ES256\",\"jwk\":" + jwk + "}",
                "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + jwk + "}",
                "{\"typ\":[\"test+jwt\"],\"alg\":\"ES256\",\"jwk\":" + jwk + "}",
                "{\"typ\":\"test+jwt\",\"alg\":\"none\",\"jwk\":" + jwk + "}",
                "{\"typ\":\"test+jwt\",\"alg\":\"None\",\"jwk\":" + jwk + "}",
                "{\"typ\":\"test+jwt\",\"alg\":\"HS256\",\"jwk\":" + jwk + "}",
                "{\"typ\":\"test+jwt\",\"alg\":\"ES384\",\"jwk\":" + jwk + "}",
                "{\"typ\":\"test+jwt\",\"alg\":\"ES256K\",\"jwk\":" + jwk + "}",
                "{\"typ\":\"test+jwt\",\"jwk\":" + jwk + "}",
                "{\"typ\":\"test+jwt\",\"alg\":\"ES256\"}",
                "{\"typ\":\"test+jwt\",\"alg\":\"ES256\",\"kid\":\"1\"}",
                "{\"typ\":\"test+jwt\",\"alg\":\"ES256\",\"jwk\":\"x\"}",
                "{\"typ\":\"test+jwt\",\"alg\":\"ES256\",\"jwk\":" + other + "}",
                "{\"typ\":\"test+jwt\",\"alg\":\"ES256\",\"jwk\":" + jwk + ",\"crit\":[\"exp\"]}",
                "{\"typ\":\"test+jwt\",\"alg\":\"ES256\",\"alg\":\"none\",\"jwk\":" + jwk + "}",
                "{\"typ\":\"test+jwt\",\"alg\":\"ES256\",\"n\":1" + "0".repeat(400) + ",\"jwk\":" + other + "}",
                // the private key came along, alone or hidden behind the public one
                header(jwk.replace("}", ",\"d\":\"" + d + "\"}")),
                header(jwk.replace("}", ",\"k\":\"AAAA\"}")),
                header("{\"kty\":\"oct\",\"k\":\"AAAA\"}"),
                header("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}"),
                header(jwk(large).replace("P-256", "P-384")),
                header(jwk.replace("\"P-256\"", "\"P-384\"")),
                header(jwk.replace("\"x\":\"", "\"x\":\"AA")),
                header(jwk.replace("\"y\":\"", "\"y\":\"=")),
                header("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":1,\"y\":2}"));
    }

    @ParameterizedTest
    @MethodSource("wrongHeaders")
    void aHeaderOfAnotherKindIsRefused(String header) {
        refused(Refusal.MALFORMED, signed(header, claims(NOW.getEpochSecond())), "POST", ADDRESS);
    }

    @Test
    void aKeyOffTheCurveIsNone() {
        var jwk = jwk(KEYS);
        var point = ((ECPublicKey) KEYS.getPublic()).getW();
        var off = base64(fixed(point.getAffineY().xor(BigInteger.ONE), 32));
        assertThat(P256PublicKey.of(base64(fixed(point.getAffineX(), 32)), off)).isEmpty();
        assertThat(P256PublicKey.of(base64(new byte[32]), base64(new byte[32]))).isEmpty();
        // the same point, written with a coordinate that is larger than the field
        var larger = point.getAffineX()
                .add(new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16));
        if (larger.bitLength() <= 256) {
            assertThat(P256PublicKey.of(base64(fixed(larger, 32)), base64(fixed(point.getAffineY(), 32))))
                    .isEmpty();
        }
        var header = header(jwk.replaceAll("\"y\":\"[^\"]+\"", "\"y\":\"" + off + "\""));
        refused(Refusal.MALFORMED, signed(header, claims(NOW.getEpochSecond())), "POST", ADDRESS);
    }

    @Test
    void theThumbprintIsThatOfTheSpecification() {
        // The key of RFC 9449, figure 3, and its thumbprint in figure 10.
        var key = P256PublicKey.of(Map.of(
                        "kty", "EC",
                        "crv", "P-256",
                        "x", "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
                        "y", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"))
                .orElseThrow();
        assertThat(base64(key.thumbprint())).isEqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"\"",
                "[]",
                "{}",
                "null",
                "{\"jti\":\"0123456789abcdef\"}",
                "not JSON",
                "{\"htm\":\"POST\",\"htm\":\"POST\"}"
            })
    void claimsThatAreNoneAreRefused(String claims) {
        refused(Refusal.MALFORMED, signed(header(), claims), "POST", ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "0123456789 abcdef", "0123456789abcdeé"})
    void anIdentifierIsOfPrintableCharacters(String id) {
        refused(Refusal.MALFORMED, signed(header(), claims("1").replace(ID, id)), "POST", ADDRESS);
        refused(Refusal.MALFORMED, signed(header(), claims("1").replace(ID, "x".repeat(129))), "POST", ADDRESS);
    }

    @Test
    void whatWasChangedOrWrittenAnotherWayIsRefused() {
        var good = signed(header(), claims(NOW.getEpochSecond()));
        var parts = good.split("\\.");
        var other = signed(header(), claims(NOW.getEpochSecond() + 1)).split("\\.");
        for (var bad : new String[] {
            null,
            "",
            "..",
            parts[0] + "." + parts[1] + ".",
            parts[0] + "." + parts[1],
            parts[0] + "." + other[1] + "." + parts[2],
            parts[0] + "." + parts[1] + "." + other[2],
            parts[0] + "." + parts[1] + "." + base64(new byte[64]),
            good + "=",
            good + "." + parts[2],
            " " + good,
            good + "\n",
            good.substring(0, good.length() - 1) + nextInAlphabet(good.charAt(good.length() - 1)),
            "x".repeat(100_000) + good
        }) {
            refused(Refusal.MALFORMED, bad, "POST", ADDRESS);
        }
    }

    /** Another text of the same signature: it differs in the bits that are not used. */
    private static char nextInAlphabet(char last) {
        return (char) (last + 1);
    }

    private static void refused(Refusal reason, String proof, String method, String address) {
        try {
            RULES.verify(proof, method, address);
        } catch (RefusedException refused) {
            assertThat(refused.reason()).isEqualTo(reason);
            return;
        }
        throw new AssertionError("It was accepted: " + proof);
    }

    private static String header() {
        return header(jwk(KEYS));
    }

    private static String header(String jwk) {
        return "{\"typ\":\"test+jwt\",\"alg\":\"ES256\",\"jwk\":" + jwk + "}";
    }

    private static String claims(Object iat) {
        return "{\"htm\":\"POST\",\"htu\":\"" + ADDRESS + "\",\"iat\":" + iat + ",\"jti\":\"" + ID + "\"}";
    }

    private static String jwk(KeyPair keys) {
        var point = ((ECPublicKey) keys.getPublic()).getW();
        int bytes = point.getAffineX().bitLength() > 256 ? 48 : 32;
        return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + base64(fixed(point.getAffineX(), bytes)) + "\",\"y\":\""
                + base64(fixed(point.getAffineY(), bytes)) + "\"}";
    }

    private static String signed(String header, String claims) {
        try {
            var content = base64(header.getBytes(StandardCharsets.UTF_8)) + "."
                    + base64(claims.getBytes(StandardCharsets.UTF_8));
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(KEYS.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + base64(signature.sign());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static KeyPair keys(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static byte[] fixed(BigInteger value, int length) {
        var bytes = value.toByteArray();
        var fixed = new byte[length];
        int used = Math.min(bytes.length, length);
        System.arraycopy(Arrays.copyOfRange(bytes, bytes.length - used, bytes.length), 0, fixed, length - used, used);
        return fixed;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
