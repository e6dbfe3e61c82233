package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FactorSecretsTest {

    private static final Argon2Cost CHEAP = new Argon2Cost(64, 1);
    private static final UUID CREDENTIAL = TestKeys.ENTROPY.uuid();
    private static final UUID OTHER = TestKeys.ENTROPY.uuid();

    private final FactorSecrets secrets = secrets(1, CHEAP);

    private static FactorSecrets secrets(int master, Argon2Cost cost) {
        return new FactorSecrets(TestKeys.master(master), cost, TestKeys.ENTROPY);
    }

    @Test
    void argon2id_gives_what_the_reference_implementation_gives() {
        // test.c of the reference implementation: version 19, t=2, m=2^8 KiB, p=1, "password", "somesalt".
        assertThat(Argon2.derive(
                        "password".getBytes(StandardCharsets.UTF_8),
                        new Argon2Cost(256, 2),
                        "somesalt".getBytes(StandardCharsets.UTF_8),
                        new byte[0],
                        new byte[0],
                        32))
                .isEqualTo(HexFormat.of().parseHex("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"));
    }

    @Test
    void secret_and_context_count() {
        var salt = new byte[16];
        var pin = "1234".getBytes(StandardCharsets.UTF_8);
        var plain = Argon2.derive(pin, CHEAP, salt, new byte[0], new byte[0], 32);
        assertThat(Argon2.derive(pin, CHEAP, salt, new byte[32], new byte[0], 32))
                .isNotEqualTo(plain);
        assertThat(Argon2.derive(pin, CHEAP, salt, new byte[0], new byte[16], 32))
                .isNotEqualTo(plain);
    }

    @Test
    void the_right_pin_gives_the_activation_key_again() {
        var enrolled = secrets.enrollPin(CREDENTIAL, "123456");
        assertThat(enrolled.stored()).hasSizeLessThanOrEqualTo(200).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
        assertThat(secrets.checkPin(CREDENTIAL, "123456", enrolled.stored()))
                .hasValueSatisfying(key -> assertThat(key.bytes())
                        .isEqualTo(enrolled.activationKey().bytes()));
    }

    @Test
    void a_wrong_pin_gives_nothing() {
        var enrolled = secrets.enrollPin(CREDENTIAL, "123456");
        assertThat(secrets.checkPin(CREDENTIAL, "123457", enrolled.stored())).isEmpty();
        assertThat(secrets.checkPin(CREDENTIAL, "", enrolled.stored())).isEmpty();
    }

    @Test
    void the_right_pin_gives_nothing_at_another_credential_or_under_another_master_secret() {
        var enrolled = secrets.enrollPin(CREDENTIAL, "123456");
        assertThat(secrets.checkPin(OTHER, "123456", enrolled.stored())).isEmpty();
        assertThat(secrets(2, CHEAP).checkPin(CREDENTIAL, "123456", enrolled.stored()))
                .isEmpty();
    }

    @Test
    void a_changed_pin_keeps_the_activation_key_and_ends_the_former_one() {
        var enrolled = secrets.enrollPin(CREDENTIAL, "123456");
        var changed = secrets.changePin(CREDENTIAL, "654321", enrolled.activationKey());
        assertThat(secrets.checkPin(CREDENTIAL, "123456", changed.stored())).isEmpty();
        assertThat(secrets.checkPin(CREDENTIAL, "654321", changed.stored()))
                .hasValueSatisfying(key -> assertThat(key.bytes())
                        .isEqualTo(enrolled.activationKey().bytes()));
    }

    @Test
    void a_pin_keeps_the_cost_it_was_set_with() {
        var enrolled = secrets.enrollPin(CREDENTIAL, "123456");
        assertThat(secrets(1, new Argon2Cost(128, 2)).checkPin(CREDENTIAL, "123456", enrolled.stored()))
                .isPresent();
    }

    @Test
    void one_pin_is_stored_differently_each_time() {
        assertThat(secrets.enrollPin(CREDENTIAL, "123456").stored())
                .isNotEqualTo(secrets.enrollPin(CREDENTIAL, "123456").stored());
    }

    @Test
    void what_is_stored_holds_neither_pin_nor_activation_key() {
        var enrolled = secrets.enrollPin(CREDENTIAL, "123456");
        var parsed = StoredPin.parse(enrolled.stored());
        var text = HexFormat.of().formatHex(parsed.sealedActivationKey())
                + HexFormat.of().formatHex(parsed.verifier().hash());
        assertThat(text)
                .doesNotContain(HexFormat.of()
                        .formatHex(enrolled.activationKey().bytes())
                        .substring(0, 16));
        assertThat(enrolled.stored()).doesNotContain("123456");
        assertThat(enrolled.toString() + enrolled.activationKey() + parsed).doesNotContain("$");
    }

    @Test
    void a_malformed_or_changed_row_is_an_error_and_not_a_wrong_pin() {
        var stored = secrets.enrollPin(CREDENTIAL, "123456").stored();
        for (var malformed : new String[] {"", "x", "$argon2id$", stored.replace("v=19", "v=16"), stored + "!"}) {
            assertThatThrownBy(() -> secrets.checkPin(CREDENTIAL, "123456", malformed))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        var split = stored.lastIndexOf('$') + 1;
        var changed =
                stored.substring(0, split) + (stored.charAt(split) == 'A' ? 'B' : 'A') + stored.substring(split + 1);
        assertThatThrownBy(() -> secrets.checkPin(CREDENTIAL, "123456", changed))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void without_a_pin_the_activation_key_comes_from_master_secret_credential_and_salt() {
        var salt = secrets.newActivationSalt();
        var key = secrets.activationKeyWithoutPin(CREDENTIAL, salt).bytes();
        assertThat(secrets.activationKeyWithoutPin(CREDENTIAL, salt).bytes()).isEqualTo(key);
        assertThat(secrets.activationKeyWithoutPin(OTHER, salt).bytes()).isNotEqualTo(key);
        assertThat(secrets.activationKeyWithoutPin(CREDENTIAL, secrets.newActivationSalt())
                        .bytes())
                .isNotEqualTo(key);
        assertThat(secrets(2, CHEAP).activationKeyWithoutPin(CREDENTIAL, salt).bytes())
                .isNotEqualTo(key);
    }

    @Test
    void a_sealed_secret_opens_for_its_credential_and_purpose_only() {
        var secret = new byte[] {1, 2, 3};
        var sealed = secrets.seal(CREDENTIAL, "otp", secret);
        assertThat(secrets.open(CREDENTIAL, "otp", sealed)).isEqualTo(secret);
        assertThatThrownBy(() -> secrets.open(OTHER, "otp", sealed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secrets.open(CREDENTIAL, "other", sealed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secrets(2, CHEAP).open(CREDENTIAL, "otp", sealed))
                .isInstanceOf(IllegalStateException.class);
        sealed[sealed.length - 1] ^= 1;
        assertThatThrownBy(() -> secrets.open(CREDENTIAL, "otp", sealed)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_master_secret_has_at_least_32_bytes() {
        assertThat(new MasterSecret(new byte[32]).derive("x")).hasSize(32);
        assertThatThrownBy(() -> new MasterSecret(new byte[31])).hasMessage("A master secret has at least 32 bytes");
    }

    @Test
    void an_oauth_client_secret_matches_its_hash_only() {
        var hashes = new SecretHash(CHEAP, TestKeys.ENTROPY);
        var hash = hashes.hash("s3cret");
        assertThat(hash).hasSizeLessThanOrEqualTo(160).doesNotContain("s3cret");
        assertThat(hashes.matches("s3cret", hash)).isTrue();
        assertThat(hashes.matches("S3cret", hash)).isFalse();
        assertThat(new SecretHash(new Argon2Cost(128, 2), TestKeys.ENTROPY).matches("s3cret", hash))
                .isTrue();
        assertThatThrownBy(() -> hashes.matches("s3cret", "plain")).isInstanceOf(IllegalArgumentException.class);
    }
}
