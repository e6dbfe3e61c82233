package org.countersign.core.jose;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.BigIntegers;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A verifier with ES256 alone, against what is known to have fooled others. The cases are those that Project Wycheproof's groups for
 * ES256 try (json_web_signature_test, json_web_key_test), made anew here.
 */
class CompactJwsTest {

    private static final Es256 ES256 = Es256.jdk();
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final KeyPair KEYS = keys("secp256r1");
    private static final P256PublicKey KEY = P256PublicKey.of((ECPublicKey) KEYS.getPublic());
    private static final String PAYLOAD = part("foo");
    private static final String HEADER = part("{\"alg\":\"ES256\",\"kid\":\"kid-ec-sign\"}");
    private static final String GOOD = HEADER + "." + PAYLOAD + "." + Base64Url.encode(signature(HEADER, PAYLOAD));

    private static KeyPair keys(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String part(String text) {
        return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] signature(String header, String payload) {
        return sign("SHA256withECDSAinP1363Format", KEYS, header, payload);
    }

    private static byte[] sign(String algorithm, KeyPair keys, String header, String payload) {
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(keys.getPrivate());
            signature.update((header + "." + payload).getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Optional<String> verified(String text) {
        return CompactJws.payload(text, KEY, ES256).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static void refused(String text) {
        assertThat(verified(text)).as(text).isEmpty();
    }

    private static String signed(String header) {
        return part(header) + "." + PAYLOAD + "." + Base64Url.encode(signature(part(header), PAYLOAD));
    }

    @Test
    void what_is_right_is_verified() {
        assertThat(verified(GOOD)).contains("foo");
    }

    @Nested
    class Form {

        static List<String> missing() {
            var signature = GOOD.substring(GOOD.lastIndexOf('.') + 1);
            return List.of(
                    "",
                    ".",
                    "..",
                    HEADER + "." + PAYLOAD + ".",
                    HEADER + "." + PAYLOAD,
                    HEADER + ".." + signature,
                    HEADER + "." + signature,
                    "." + PAYLOAD + "." + signature,
                    PAYLOAD + "." + signature,
                    "." + PAYLOAD + ".",
                    PAYLOAD,
                    GOOD + ".",
                    GOOD + ".foo",
                    "." + GOOD);
        }

        @ParameterizedTest
        @MethodSource("missing")
        void what_misses_a_part_or_has_one_more_is_refused(String text) {
            refused(text);
        }

        @Test
        void json_serialization_is_refused() {
            var parts = GOOD.split("\\.");
            refused(JsonUtil.toJson(Map.of("protected", parts[0], "payload", parts[1], "signature", parts[2])));
            refused(JsonUtil.toJson(Map.of(
                    "payload", parts[1], "signatures", List.of(Map.of("protected", parts[0], "signature", parts[2])))));
        }

        @Test
        void a_second_way_to_write_it_is_refused() {
            refused(GOOD + "=");
            refused(GOOD + "\n");
            refused(" " + GOOD);
            refused(GOOD.replace(".", " ."));
            // The last character's spare bits.
            char last = GOOD.charAt(GOOD.length() - 1);
            refused(GOOD.substring(0, GOOD.length() - 1) + (char) (last + 1));
        }
    }

    @Nested
    class Modified {

        @Test
        void any_changed_part_is_refused() {
            var parts = GOOD.split("\\.");
            refused(part("{\"alg\":\"ES256\",\"kid\":\"another\"}") + "." + parts[1] + "." + parts[2]);
            refused(parts[0] + "." + part("bar") + "." + parts[2]);
            var signature = Base64Url.decode(parts[2]).orElseThrow();
            for (int i = 0; i < signature.length; i += 9) {
                var changed = signature.clone();
                changed[i] ^= 1;
                refused(parts[0] + "." + parts[1] + "." + Base64Url.encode(changed));
            }
        }

        @Test
        void signatures_outside_their_range_are_refused() {
            var zero = new byte[32];
            var order = BigIntegers.asUnsignedByteArray(32, ORDER);
            var most = new byte[32];
            Arrays.fill(most, (byte) 0xff);
            var r = Arrays.copyOf(signature(HEADER, PAYLOAD), 32);
            for (var pair : List.of(
                    List.of(zero, zero),
                    List.of(r, zero),
                    List.of(zero, r),
                    List.of(order, r),
                    List.of(r, order),
                    List.of(order, order),
                    List.of(most, most))) {
                var both = new byte[64];
                System.arraycopy(pair.get(0), 0, both, 0, 32);
                System.arraycopy(pair.get(1), 0, both, 32, 32);
                refused(HEADER + "." + PAYLOAD + "." + Base64Url.encode(both));
            }
        }

        @Test
        void signatures_of_another_length_or_form_are_refused() {
            var signature = signature(HEADER, PAYLOAD);
            for (int length : new int[] {1, 63, 65, 96, 132}) {
                refused(HEADER + "." + PAYLOAD + "." + Base64Url.encode(Arrays.copyOf(signature, length)));
            }
            refused(HEADER + "." + PAYLOAD + "." + Base64Url.encode(sign("SHA256withECDSA", KEYS, HEADER, PAYLOAD)));
        }
    }

    @Nested
    class Algorithm {

        @ParameterizedTest
        @ValueSource(
                strings = {"none", "None", "NONE", "HS256", "ES384", "ES512", "RS256", "PS256", "EdDSA", "es256", ""})
        void another_one_in_the_header_is_refused(String algorithm) {
            var header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"kid-ec-sign\"}";
            refused(signed(header));
            refused(part(header) + "." + PAYLOAD + ".");
        }

        @Test
        void none_at_all_is_refused() {
            refused(signed("{\"kid\":\"kid-ec-sign\"}"));
            refused(signed("{\"alg\":null}"));
            refused(signed("{\"alg\":[\"ES256\"]}"));
            refused(signed("{\"alg\":\"none\",\"alg\":\"ES256\"}"));
        }

        @Test
        void the_public_key_is_no_secret_of_a_code() throws Exception {
            var header = part("{\"alg\":\"HS256\",\"kid\":\"kid-ec-sign\"}");
            for (byte[] secret : List.of(
                    KEYS.getPublic().getEncoded(),
                    KEY.encoded(),
                    KEY.x().getBytes(StandardCharsets.US_ASCII),
                    Base64Url.decode(KEY.x()).orElseThrow())) {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                refused(header + "." + PAYLOAD + "."
                        + Base64Url.encode(mac.doFinal((header + "." + PAYLOAD).getBytes(StandardCharsets.US_ASCII))));
            }
        }

        @Test
        void a_signature_by_another_hash_or_curve_is_refused() {
            refused(HEADER + "." + PAYLOAD + "."
                    + Base64Url.encode(sign("SHA512withECDSAinP1363Format", KEYS, HEADER, PAYLOAD)));
            refused(HEADER + "." + PAYLOAD + "."
                    + Base64Url.encode(sign("SHA384withECDSAinP1363Format", keys("secp384r1"), HEADER, PAYLOAD)));
        }

        @Test
        void what_an_attacker_puts_into_the_header_is_not_used() {
            var others = keys("secp256r1");
            var jwk = JsonUtil.toJson(
                    P256PublicKey.of((ECPublicKey) others.getPublic()).jwk());
            var header = part("{\"alg\":\"ES256\",\"jwk\":" + jwk + "}");
            refused(header + "." + PAYLOAD + "."
                    + Base64Url.encode(sign("SHA256withECDSAinP1363Format", others, header, PAYLOAD)));
            for (var member : List.of(
                    "\"jku\":\"https://evil.example\"",
                    "\"x5u\":\"https://evil.example\"",
                    "\"x5c\":[\"AA\"]",
                    "\"crit\":[\"exp\"]")) {
                refused(signed("{\"alg\":\"ES256\"," + member + "}"));
            }
        }
    }

    /** Of the key, not of what it signed. */
    @Nested
    class Keys {

        private final Map<String, Object> jwk = new HashMap<>(KEY.jwk());

        private void isNone() {
            assertThat(P256PublicKey.of(jwk)).as(jwk.toString()).isEmpty();
        }

        @Test
        void one_for_signatures_with_es256_is_accepted() {
            jwk.putAll(Map.of("alg", "ES256", "use", "sig", "kid", "a", "key_ops", List.of("verify"), "ext", true));
            assertThat(P256PublicKey.of(jwk)).contains(KEY);
        }

        @ParameterizedTest
        @ValueSource(strings = {"kty", "crv", "x", "y"})
        void one_with_a_member_less_is_none(String member) {
            jwk.remove(member);
            isNone();
        }

        @Test
        void one_for_something_else_is_none() {
            jwk.put("use", "enc");
            isNone();
            jwk.put("use", List.of("sig"));
            isNone();
            jwk.remove("use");
            for (var algorithm : List.of("ES384", "HS256", "ECDH-ES", "RS256", "none", 256)) {
                jwk.put("alg", algorithm);
                isNone();
            }
            jwk.remove("alg");
            for (var operations : List.of(List.of(), List.of("sign"), List.of("deriveKey"), "verify")) {
                jwk.put("key_ops", operations);
                isNone();
            }
        }

        @Test
        void one_with_secrets_or_members_of_its_own_is_none() {
            for (var member : List.of("d", "k", "n", "e", "p", "oth", "x5u", "jku")) {
                var with = new HashMap<>(jwk);
                with.put(member, "AA");
                assertThat(P256PublicKey.of(with)).as(member).isEmpty();
            }
        }

        @Test
        void one_of_another_kind_or_off_its_curve_is_none() {
            jwk.put("kty", "RSA");
            isNone();
            jwk.put("kty", "EC");
            for (var curve : List.of("P-384", "P-521", "secp256k1", "p-256", "Ed25519")) {
                jwk.put("crv", curve);
                isNone();
            }
            jwk.put("crv", "P-256");
            jwk.put("y", KEY.x());
            isNone();
            var nothing = Base64Url.encode(new byte[32]);
            jwk.put("x", nothing);
            jwk.put("y", nothing);
            isNone();
        }
    }
}
