package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.countersign.server.keys.KeyNotOpenedException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SoftwareKeyVaultTest {

    private static final UUID CREDENTIAL = TestKeys.ENTROPY.uuid();
    private static final UUID OTHER = TestKeys.ENTROPY.uuid();

    @TempDir
    Path folder;

    private final MemoryWrappedKeys stored = new MemoryWrappedKeys();
    private final SoftwareKeyVault vault = vault(stored, 1);

    private static SoftwareKeyVault vault(WrappedKeys stored, int master) {
        return new SoftwareKeyVault(stored, TestKeys.master(master), TestKeys.FASTEST, TestKeys.ENTROPY);
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyAlgorithm.class,
            names = {"RSA_2048", "EC_P256", "EC_P384", "EC_P521", "ED25519"})
    void a_generated_key_signs_for_its_public_key(KeyAlgorithm keyAlgorithm) {
        var publicKey = vault.generate(CREDENTIAL, keyAlgorithm, TestKeys.activation(7));
        var algorithm = keyAlgorithm.signatureAlgorithms().get(0);
        var hash = algorithm.digest(new byte[] {1, 2, 3});
        try (var key = vault.open(CREDENTIAL, TestKeys.activation(7))) {
            assertThat(new OpenSsl(folder).verifies(publicKey, algorithm, hash, key.sign(algorithm, hash)))
                    .isTrue();
        }
    }

    @Test
    void another_activation_key_opens_nothing() {
        vault.generate(CREDENTIAL, KeyAlgorithm.EC_P256, TestKeys.activation(7));
        refused(Reason.WRONG_ACTIVATION_KEY, () -> vault.open(CREDENTIAL, TestKeys.activation(8)));
    }

    @Test
    void another_master_secret_opens_nothing_even_with_the_activation_key() {
        vault.generate(CREDENTIAL, KeyAlgorithm.EC_P256, TestKeys.activation(7));
        refused(Reason.NOT_THIS_VAULTS, () -> vault(stored, 2).open(CREDENTIAL, TestKeys.activation(7)));
    }

    @Test
    void a_key_copied_to_another_credential_does_not_open() {
        vault.generate(CREDENTIAL, KeyAlgorithm.EC_P256, TestKeys.activation(7));
        stored.put(OTHER, stored.get(CREDENTIAL).orElseThrow());
        refused(Reason.NOT_THIS_VAULTS, () -> vault.open(OTHER, TestKeys.activation(7)));
    }

    @Test
    void a_change_of_any_byte_is_detected() {
        vault.generate(CREDENTIAL, KeyAlgorithm.ED25519, TestKeys.activation(7));
        var wrapped = stored.get(CREDENTIAL).orElseThrow();
        for (int i = 0; i < wrapped.length; i++) {
            var changed = wrapped.clone();
            changed[i] ^= 1;
            refused(Reason.NOT_THIS_VAULTS, () -> vault.open(CREDENTIAL, changed, TestKeys.activation(7)));
        }
        for (int length : new int[] {0, 1, 28, wrapped.length - 1}) {
            var cut = java.util.Arrays.copyOf(wrapped, length);
            refused(Reason.NOT_THIS_VAULTS, () -> vault.open(CREDENTIAL, cut, TestKeys.activation(7)));
        }
    }

    @Test
    void wrapped_bytes_contain_nothing_of_the_key() {
        var publicKey = vault.generate(CREDENTIAL, KeyAlgorithm.RSA_2048, TestKeys.activation(7));
        var wrapped = stored.get(CREDENTIAL).orElseThrow();
        // The modulus is a part of the PKCS#8: no 8 bytes of it, nor its OID, are in the clear.
        var encoded = publicKey.getEncoded();
        for (int i = 0; i + 8 <= encoded.length; i++) {
            assertThat(indexOf(wrapped, java.util.Arrays.copyOfRange(encoded, i, i + 8)))
                    .isNegative();
        }
    }

    @Test
    void the_same_key_is_never_wrapped_to_the_same_bytes() {
        vault.generate(CREDENTIAL, KeyAlgorithm.EC_P256, TestKeys.activation(7));
        var other = new MemoryWrappedKeys();
        var otherVault = vault(other, 1);
        otherVault.adopt(CREDENTIAL, vault);
        assertThat(other.get(CREDENTIAL).orElseThrow())
                .isNotEqualTo(stored.get(CREDENTIAL).orElseThrow());
    }

    @Test
    void another_software_vault_adopts_a_key_without_the_pin() {
        var publicKey = vault.generate(CREDENTIAL, KeyAlgorithm.EC_P256, TestKeys.activation(7));
        var moved = vault(new FolderWrappedKeys(folder.resolve("keys")), 2);
        moved.adopt(CREDENTIAL, vault);
        var algorithm = SignatureAlgorithm.SHA256WITHECDSA;
        try (var key = moved.open(CREDENTIAL, TestKeys.activation(7))) {
            assertThat(new OpenSsl(folder)
                            .verifies(publicKey, algorithm, new byte[32], key.sign(algorithm, new byte[32])))
                    .isTrue();
        }
        refused(Reason.WRONG_ACTIVATION_KEY, () -> moved.open(CREDENTIAL, TestKeys.activation(8)));
    }

    @Test
    void a_destroyed_key_is_gone() {
        vault.generate(CREDENTIAL, KeyAlgorithm.EC_P256, TestKeys.activation(7));
        vault.destroy(CREDENTIAL);
        vault.destroy(CREDENTIAL);
        refused(Reason.ABSENT, () -> vault.open(CREDENTIAL, TestKeys.activation(7)));
    }

    private static void refused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KeyNotOpenedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static int indexOf(byte[] text, byte[] part) {
        for (int i = 0; i + part.length <= text.length; i++) {
            if (java.util.Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }
}
