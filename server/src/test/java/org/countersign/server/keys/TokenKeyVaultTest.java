package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.KeyNotOpenedException.Reason;
import org.countersign.server.keys.token.TokenChild;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With a real library, in real child processes. */
class TokenKeyVaultTest {

    private static final String LABEL = "vault";
    private static final ActivationKey ACTIVATION = TestKeys.activation(7);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    private static SoftHsm softHsm;
    private static Token token;

    private final UUID keyId = TestKeys.ENTROPY.uuid();
    private final TokenKeyVault vault = new TokenKeyVault(token);

    @BeforeAll
    static void logIn() throws IOException {
        softHsm = SoftHsm.in(folder);
        token = Token.open(softHsm.create(LABEL), folder);
    }

    @AfterAll
    static void close() {
        if (token != null) {
            token.close();
        }
    }

    @AfterEach
    void clear() {
        vault.destroy(keyId);
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void a_key_made_in_the_token_signs_with_every_algorithm_that_fits_it(KeyAlgorithm keyAlgorithm) {
        var publicKey = vault.generate(keyId, keyAlgorithm, ACTIVATION);
        try (var key = vault.open(keyId, ACTIVATION)) {
            assertThat(key.algorithm()).isEqualTo(keyAlgorithm);
            for (var algorithm : keyAlgorithm.signatureAlgorithms()) {
                var hash = algorithm.digest(new byte[] {1, 2, 3});
                assertThat(new OpenSsl(folder).verifies(publicKey, algorithm, hash, key.sign(algorithm, hash)))
                        .as(algorithm.wireName())
                        .isTrue();
            }
        }
    }

    @Test
    void the_longest_message_is_signed() {
        var publicKey = vault.generate(keyId, KeyAlgorithm.ED25519, ACTIVATION);
        var message = new byte[SignatureAlgorithm.MAX_MESSAGE_BYTES];
        try (var key = vault.open(keyId, ACTIVATION)) {
            var signature = key.sign(SignatureAlgorithm.ED25519, message);
            assertThat(new OpenSsl(folder).verifies(publicKey, SignatureAlgorithm.ED25519, message, signature))
                    .isTrue();
        }
    }

    @Test
    void the_private_key_is_sensitive_never_extractable_made_there_and_only_for_signatures() {
        vault.generate(keyId, KeyAlgorithm.EC_P256, ACTIVATION);
        var objects = SoftHsm.tool(LABEL, SoftHsm.PIN, "--list-objects", "--type", "privkey");
        assertThat(objects)
                .contains("label:      countersign " + keyId)
                .containsPattern("Usage: +sign\n")
                .containsPattern("Access: +sensitive, always sensitive, never extractable, local");
    }

    @Test
    void another_activation_key_finds_nothing() {
        vault.generate(keyId, KeyAlgorithm.EC_P256, ACTIVATION);
        notOpened(Reason.WRONG_ACTIVATION_KEY, () -> vault.open(keyId, TestKeys.activation(8)));
    }

    @Test
    void the_activation_key_finds_no_other_key() {
        vault.generate(keyId, KeyAlgorithm.EC_P256, ACTIVATION);
        notOpened(Reason.ABSENT, () -> vault.open(TestKeys.ENTROPY.uuid(), ACTIVATION));
    }

    @Test
    void a_destroyed_key_is_gone_from_the_token_also_where_it_was_open() {
        vault.generate(keyId, KeyAlgorithm.EC_P256, ACTIVATION);
        var open = vault.open(keyId, ACTIVATION);
        vault.destroy(keyId);
        notOpened(Reason.ABSENT, () -> vault.open(keyId, ACTIVATION));
        notOpened(Reason.ABSENT, () -> open.sign(SignatureAlgorithm.SHA256WITHECDSA, new byte[32]));
        assertThat(SoftHsm.tool(LABEL, SoftHsm.PIN, "--list-objects")).doesNotContain(keyId.toString());
    }

    @Test
    void a_key_that_another_node_destroyed_signs_no_more() {
        vault.generate(keyId, KeyAlgorithm.EC_P256, ACTIVATION);
        var open = vault.open(keyId, ACTIVATION);
        try (var other = Token.open(SoftHsm.settings(LABEL, SoftHsm.PIN), folder)) {
            new TokenKeyVault(other).destroy(keyId);
        }
        assertThatThrownBy(() -> open.sign(SignatureAlgorithm.SHA256WITHECDSA, new byte[32]))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void a_second_key_of_the_same_name_replaces_the_first() {
        var first = vault.generate(keyId, KeyAlgorithm.EC_P256, ACTIVATION);
        var second = vault.generate(keyId, KeyAlgorithm.EC_P384, ACTIVATION);
        assertThat(second).isNotEqualTo(first);
        assertThat(vault.open(keyId, ACTIVATION).algorithm()).isEqualTo(KeyAlgorithm.EC_P384);
    }

    @Test
    void signatures_are_made_at_the_same_time_each_for_its_own_hash() throws Exception {
        var publicKey = vault.generate(keyId, KeyAlgorithm.EC_P256, ACTIVATION);
        var threads = Executors.newFixedThreadPool(8);
        try {
            var signatures = new ArrayList<Future<byte[]>>();
            for (int i = 0; i < 200; i++) {
                var hash = HashAlgorithm.SHA256.digest(new byte[] {(byte) i});
                signatures.add(threads.submit(() -> {
                    try (var key = vault.open(keyId, ACTIVATION)) {
                        return key.sign(SignatureAlgorithm.SHA256WITHECDSA, hash);
                    }
                }));
            }
            for (int i = 0; i < signatures.size(); i++) {
                var verifier = java.security.Signature.getInstance("SHA256withECDSA", "SunEC");
                verifier.initVerify(publicKey);
                verifier.update((byte) i);
                assertThat(verifier.verify(signatures.get(i).get(2, TimeUnit.MINUTES)))
                        .isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_process_that_dies_is_replaced() throws Exception {
        vault.generate(keyId, KeyAlgorithm.EC_P256, ACTIVATION);
        for (var child : children()) {
            child.destroyForcibly();
            child.onExit().get(1, TimeUnit.MINUTES);
        }
        until(vault::isUsable);
        assertThat(signature()).isNotEmpty();
    }

    @Test
    void a_token_that_goes_away_is_said_to_and_used_again_when_it_is_back() throws Exception {
        vault.generate(keyId, KeyAlgorithm.EC_P256, ACTIVATION);
        softHsm.takeAway();
        try {
            away(() -> signature());
            assertThat(vault.isUsable()).isFalse();
            away(() -> vault.generate(keyId, KeyAlgorithm.EC_P256, ACTIVATION));
        } finally {
            softHsm.bringBack();
        }
        until(vault::isUsable);
        assertThat(signature()).isNotEmpty();
    }

    @Test
    void a_refused_user_pin_is_not_sent_again() {
        softHsm.create("refusing");
        try (var refused = Token.open(SoftHsm.settings("refusing", "wrong-pin"), folder)) {
            var refusing = new TokenKeyVault(refused);
            assertThat(refusing.isUsable()).isFalse();
            away(() -> refusing.open(keyId, ACTIVATION));
            // Were it sent again, it would be right now.
            SoftHsm.tool("refusing", SoftHsm.PIN, "--change-pin", "--new-pin", "wrong-pin");
            assertThat(refusing.isUsable()).isFalse();
            away(() -> refusing.open(keyId, ACTIVATION));
        }
        try (var accepted = Token.open(SoftHsm.settings("refusing", "wrong-pin"), folder)) {
            assertThat(accepted.isUsable()).isTrue();
        }
        assertThat(vault.isUsable()).as("the other token").isTrue();
    }

    @Test
    void without_such_a_token_or_library_nothing_is_usable() {
        try (var none = Token.open(SoftHsm.settings("nowhere", SoftHsm.PIN), folder)) {
            assertThat(none.isUsable()).isFalse();
            away(() -> new TokenKeyVault(none).destroy(keyId));
        }
        var settings = new TokenSettings(folder.resolve("no.so"), LABEL, SoftHsm.PIN, 1, PATIENCE);
        try (var none = Token.open(settings, folder)) {
            assertThat(none.isUsable()).isFalse();
        }
    }

    @Test
    void a_closed_token_leaves_no_process_and_no_file() throws Exception {
        var own = Files.createDirectory(folder.resolve("own"));
        var before = children();
        var closing = Token.open(SoftHsm.settings(LABEL, SoftHsm.PIN), own);
        assertThat(closing.isUsable()).isTrue();
        var its = new ArrayList<>(children());
        its.removeAll(before);
        assertThat(its).hasSize(1);
        closing.close();
        its.get(0).onExit().get(1, TimeUnit.MINUTES);
        assertThat(own).isEmptyDirectory();
        assertThat(closing.isUsable()).isFalse();
    }

    @Test
    void neither_pin_nor_secrets_of_the_server_are_on_the_command_line_or_in_the_settings_text() {
        assertThat(SoftHsm.settings(LABEL, SoftHsm.PIN).toString()).doesNotContain(SoftHsm.PIN);
        assertThat(children())
                .isNotEmpty()
                .allSatisfy(child ->
                        assertThat(child.info().commandLine().orElse("")).doesNotContain(SoftHsm.PIN));
    }

    private byte[] signature() {
        try (var key = vault.open(keyId, ACTIVATION)) {
            return key.sign(SignatureAlgorithm.SHA256WITHECDSA, new byte[32]);
        }
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains(TokenChild.class.getName()))
                .toList();
    }

    private static void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    private static void notOpened(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KeyNotOpenedException.class,
                        thrown -> assertThat(thrown.reason()).isEqualTo(reason));
    }

    private static void away(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        thrown -> assertThat(thrown.code()).isEqualTo(OAuth2Error.TEMPORARILY_UNAVAILABLE));
    }
}
