package org.countersign.signer.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.keys.ActivationKey;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.keys.AesKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

class SadTokensTest {

    private static final Entropy ENTROPY = Entropy.system();
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final byte[] sadKey = ENTROPY.bytes(32);
    private final SadTokens tokens = at(NOW);
    private final byte[] activationKey = ENTROPY.bytes(32);
    private final Sad sad = new Sad(
            ENTROPY.uuid(),
            "acme",
            new SeatName("j@x.org", "acme"),
            new byte[] {1, 2, 3},
            new ActivationKey(activationKey),
            NOW.plusSeconds(300));

    private SadTokens at(Instant time) {
        return new SadTokens(sadKey, ENTROPY, Clock.fixed(time, ZoneOffset.UTC));
    }

    private static void invalid(SadTokens tokens, String text) {
        assertThatThrownBy(() -> tokens.open(text))
                .as(text)
                .isInstanceOfSatisfying(ProtocolException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(SignerError.INVALID_SAD);
                    assertThat(refusal.description()).isEqualTo("The SAD is invalid");
                });
    }

    @Test
    void what_was_sealed_is_opened_and_nothing_of_it_can_be_read() {
        var text = tokens.seal(sad);
        var opened = tokens.open(text);
        assertThat(opened.activationId()).isEqualTo(sad.activationId());
        assertThat(opened.clientId()).isEqualTo("acme");
        assertThat(opened.seat()).isEqualTo(sad.seat());
        assertThat(opened.binding()).containsExactly(1, 2, 3);
        assertThat(opened.key().bytes()).isEqualTo(activationKey);
        assertThat(opened.expiresAt()).isEqualTo(sad.expiresAt());
        var parts = text.split("\\.");
        assertThat(parts).hasSize(5);
        assertThat(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8))
                .isEqualTo("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}");
        assertThat(tokens.seal(sad)).isNotEqualTo(text);
    }

    @Test
    void it_is_a_jwe_as_others_read_and_write_them() throws JoseException {
        var text = tokens.seal(sad);
        var jwe = new JsonWebEncryption();
        jwe.setKey(new AesKey(derived()));
        jwe.setCompactSerialization(text);
        assertThat(jwe.getPlaintextBytes()).endsWith(activationKey);
        var again = new JsonWebEncryption();
        again.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.DIRECT);
        again.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
        again.setKey(new AesKey(derived()));
        again.setPlaintext(jwe.getPlaintextBytes());
        assertThat(tokens.open(again.getCompactSerialization()).activationId()).isEqualTo(sad.activationId());
    }

    /** RFC 5869 by the JDK's HMAC: one block is all of the 32 bytes. */
    private byte[] derived() {
        var extracted = new HmacUtils(HmacAlgorithms.HMAC_SHA_256, new byte[32]).hmac(sadKey);
        return new HmacUtils(HmacAlgorithms.HMAC_SHA_256, extracted).hmac("countersign SAD v1\u0001");
    }

    @Test
    void every_changed_character_is_found() {
        var text = tokens.seal(sad);
        for (int i = 0; i < text.length(); i += 7) {
            if (text.charAt(i) != '.') {
                char other = text.charAt(i) == 'A' ? 'Q' : 'A';
                invalid(tokens, text.substring(0, i) + other + text.substring(i + 1));
            }
        }
    }

    @Test
    void another_key_does_not_open_it() {
        invalid(new SadTokens(ENTROPY.bytes(32), ENTROPY, Clock.fixed(NOW, ZoneOffset.UTC)), tokens.seal(sad));
    }

    @Test
    void it_expires_to_the_second() {
        var text = tokens.seal(sad);
        at(NOW.plusSeconds(299)).open(text);
        assertThatThrownBy(() -> at(NOW.plusSeconds(300)).open(text)).hasMessage("invalid_sad: The SAD has expired");
    }

    @Test
    void another_algorithm_is_refused_also_under_the_right_key() throws JoseException {
        var derived = new byte[16];
        for (var algorithms :
                List.of(new String[] {"dir", "A128GCM"}, new String[] {"A128KW", "A256GCM"}, new String[] {
                    "A128GCMKW", "A128GCM"
                })) {
            var jwe = new JsonWebEncryption();
            jwe.setAlgorithmHeaderValue(algorithms[0]);
            jwe.setEncryptionMethodHeaderParameter(algorithms[1]);
            jwe.setKey(new AesKey(derived));
            jwe.setPayload("{}");
            invalid(tokens, jwe.getCompactSerialization());
        }
    }

    @Test
    void anything_malformed_is_invalid_and_no_failure_of_the_server() {
        var parts = tokens.seal(sad).split("\\.");
        for (var header : List.of(
                "{\"alg\":\"none\"}",
                "{\"alg\":\"none\",\"enc\":\"A256GCM\"}",
                "{\"alg\":1,\"enc\":\"A256GCM\"}",
                "{\"alg\":\"dir\",\"enc\":[\"A256GCM\"]}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":1}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[\"x\"]}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":1}",
                "{}",
                "[]",
                "null",
                "x")) {
            parts[0] = Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8));
            invalid(tokens, String.join(".", parts));
        }
        for (var text : List.of(
                "", ".", "....", "a.b.c", "a.b.c.d.e", "eyJhbGciOiJub25lIn0..", "x".repeat(5_000), "€.€.€.€.€")) {
            invalid(tokens, text);
        }
    }

    @Test
    void it_does_not_print_its_key() {
        assertThat(sad.toString()).isEqualTo("SAD of activation " + sad.activationId());
    }
}
