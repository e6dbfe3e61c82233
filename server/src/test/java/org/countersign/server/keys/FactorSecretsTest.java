package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FactorSecretsTest {

    private static final Argon2Cost CHEAP = new Argon2Cost(64, 1);
    private static final UUID CREDENTIAL = TestKeys.ENTROPY.uuid();
    private static final UUID OTHER = TestKeys.ENTROPY.uuid();

    private static final UUID FORMER = UUID.fromString("6f1c2d1e-7a35-4d0b-9a59-3b8d6a1f0c42");
    private static final String FORMER_STORED =
            "$argon2id$v=19$m=64,t=1,p=1$zI3ZkokvISuc2iN6NRyavg$cUs7jukbSBYB4HcwSr55n5oeA0rSdmMD824YDBZ9Hag"
                    + "$oo124dkL856dl8Mgs7n7c4NqUcq/CQFWj8tu5GHjC4eLEOS03eepEeSRmKuwWwMwY/q8VbEb2QnJM/sQ";
    private static final byte[] FORMER_ACTIVATION_KEY =
            HexFormat.of().parseHex("d7d7f783a7c092383c1f53f74cc0e77c8bd9615db084301fe7fa42f196be3be4");

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
    void a_code_that_was_sent_is_known_again_by_its_credential_and_end_alone() {
        var end = Instant.parse("2026-06-01T12:05:00Z");
        var hash = secrets.hashOfCode(CREDENTIAL, "012345", end);
        assertThat(hash).hasSize(48).isNotEqualTo(secrets.hashOfCode(CREDENTIAL, "012345", end));
        assertThat(secrets.isCode(CREDENTIAL, "012345", end, hash)).isTrue();
        assertThat(secrets.isCode(CREDENTIAL, "012346", end, hash)).isFalse();
        assertThat(secrets.isCode(OTHER, "012345", end, hash)).isFalse();
        assertThat(secrets.isCode(CREDENTIAL, "012345", end.plusSeconds(1), hash))
                .isFalse();
        assertThat(secrets(2, CHEAP).isCode(CREDENTIAL, "012345", end, hash)).isFalse();
    }

    @Test
    void the_right_pin_gives_the_activation_key_again() {
        var enrolled = secrets.enrollPin(CREDENTIAL, "123456");
        assertThat(enrolled.stored()).hasSizeLessThanOrEqualTo(300).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
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
    void at_another_credential_or_under_another_master_secret_a_pin_is_an_error_and_not_a_wrong_one() {
        var enrolled = secrets.enrollPin(CREDENTIAL, "123456");
        assertThatThrownBy(() -> secrets.checkPin(OTHER, "123456", enrolled.stored()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secrets(2, CHEAP).checkPin(CREDENTIAL, "123456", enrolled.stored()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_pin_of_the_version_before_pin_keys_is_still_checked_and_can_be_moved() {
        // Made by that version, under the first test master secret.
        assertThat(secrets.checkPin(FORMER, "123456", FORMER_STORED))
                .hasValueSatisfying(key -> assertThat(key.bytes()).isEqualTo(FORMER_ACTIVATION_KEY));
        assertThat(secrets.checkPin(FORMER, "123457", FORMER_STORED)).isEmpty();
        assertThat(secrets(2, CHEAP).checkPin(FORMER, "123456", FORMER_STORED)).isEmpty();
        try (var moved = secrets.releasePin(FORMER, FORMER_STORED)) {
            assertThat(moved.companyWide()).isTrue();
            var there = secrets(2, CHEAP);
            assertThat(there.checkPin(FORMER, "123456", there.adoptPin(FORMER, moved)))
                    .hasValueSatisfying(key -> assertThat(key.bytes()).isEqualTo(FORMER_ACTIVATION_KEY));
        }
    }

    @Test
    void a_moved_pin_opens_the_same_activation_key_under_the_other_master_secret_only() {
        var there = secrets(2, CHEAP);
        var enrolled = secrets.enrollPin(CREDENTIAL, "123456");
        String adopted;
        try (var moved = secrets.releasePin(CREDENTIAL, enrolled.stored())) {
            assertThat(moved.companyWide()).isFalse();
            assertThat(moved.toString()).doesNotContain("$");
            adopted = there.adoptPin(CREDENTIAL, moved);
        }
        assertThat(adopted).hasSizeLessThanOrEqualTo(300);
        assertThat(there.checkPin(CREDENTIAL, "123456", adopted))
                .hasValueSatisfying(key -> assertThat(key.bytes())
                        .isEqualTo(enrolled.activationKey().bytes()));
        assertThat(there.checkPin(CREDENTIAL, "123457", adopted)).isEmpty();
        assertThatThrownBy(() -> secrets.checkPin(CREDENTIAL, "123456", adopted))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> there.checkPin(OTHER, "123456", adopted)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_moved_activation_key_is_the_same_there() {
        var there = secrets(2, CHEAP);
        var key = secrets.activationKeyWithoutPin(CREDENTIAL, secrets.newActivationSalt());
        var adopted = there.adoptActivationKey(CREDENTIAL, key);
        assertThat(there.activationKeyWithoutPin(CREDENTIAL, adopted).bytes()).isEqualTo(key.bytes());
        assertThatThrownBy(() -> there.activationKeyWithoutPin(OTHER, adopted))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secrets.activationKeyWithoutPin(CREDENTIAL, adopted))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_moved_secret_keeps_what_the_key_is_bound_to_and_holds_for_nothing_else() {
        var there = secrets(2, CHEAP);
        var secret = new byte[] {1, 2, 3};
        var sealed = secrets.seal(CREDENTIAL, "otp", secret);
        assertThat(FactorSecrets.binding(sealed)).isEqualTo(sealed);
        var adopted = there.adopt(CREDENTIAL, "otp", secret, FactorSecrets.binding(sealed));
        assertThat(FactorSecrets.binding(adopted)).isEqualTo(sealed);
        assertThat(there.open(CREDENTIAL, "otp", adopted)).isEqualTo(secret);
        var twice = secrets(3, CHEAP).adopt(CREDENTIAL, "otp", secret, FactorSecrets.binding(adopted));
        assertThat(FactorSecrets.binding(twice)).isEqualTo(sealed);
        assertThatThrownBy(() -> there.open(OTHER, "otp", adopted)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secrets.open(CREDENTIAL, "otp", adopted)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void who_writes_the_database_can_not_put_another_secret_under_a_moved_binding() {
        var there = secrets(2, CHEAP);
        var binding = secrets.seal(CREDENTIAL, "otp", new byte[] {1, 2, 3});
        var adopted = there.adopt(CREDENTIAL, "otp", new byte[] {1, 2, 3}, binding);
        var own = there.seal(CREDENTIAL, "otp", new byte[] {9, 9, 9});
        var begin = adopted.length - own.length;
        var forged = adopted.clone();
        System.arraycopy(own, 0, forged, begin, own.length);
        assertThat(FactorSecrets.binding(forged)).isEqualTo(binding);
        assertThatThrownBy(() -> there.open(CREDENTIAL, "otp", forged)).isInstanceOf(IllegalStateException.class);
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
