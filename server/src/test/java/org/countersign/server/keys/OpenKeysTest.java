package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenKeysTest {

    private static final UUID KEY = TestKeys.ENTROPY.uuid();
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final Watched watched = new Watched(
            new SoftwareKeyVault(new MemoryWrappedKeys(), TestKeys.master(1), TestKeys.FASTEST, TestKeys.ENTROPY));
    private final OpenKeys keys = new OpenKeys(watched, IDLE, clock(), TestKeys.ENTROPY);

    OpenKeysTest() {
        keys.generate(KEY, KeyAlgorithm.EC_P256, TestKeys.activation(7));
    }

    @AfterEach
    void stop() {
        keys.close();
    }

    @Test
    void a_key_is_opened_once_for_several_uses_and_stays_open_in_between() {
        use(7);
        use(7);
        assertThat(watched.opened).hasSize(1);
        assertThat(watched.opened.get(0).closed).isFalse();
    }

    @Test
    void an_open_key_is_not_given_to_who_has_another_activation_key() {
        use(7);
        assertThatThrownBy(() -> keys.open(KEY, TestKeys.activation(8))).isInstanceOf(KeyNotOpenedException.class);
    }

    @Test
    void a_key_without_use_is_closed() {
        use(7);
        now.set(now.get().plus(IDLE));
        keys.sweep();
        assertThat(watched.opened.get(0).closed).isTrue();
        use(7);
        assertThat(watched.opened).hasSize(2);
    }

    @Test
    void a_key_in_use_is_closed_only_after_its_use() {
        var lease = keys.open(KEY, TestKeys.activation(7));
        keys.destroy(KEY);
        assertThat(watched.opened.get(0).closed).isFalse();
        lease.close();
        lease.close();
        assertThat(watched.opened.get(0).closed).isTrue();
        assertThatThrownBy(() -> keys.open(KEY, TestKeys.activation(7))).isInstanceOf(KeyNotOpenedException.class);
    }

    @Test
    void closing_the_vault_closes_every_key() {
        use(7);
        keys.close();
        assertThat(watched.opened.get(0).closed).isTrue();
    }

    private void use(int activation) {
        try (var key = keys.open(KEY, TestKeys.activation(activation))) {
            assertThat(key.sign(SignatureAlgorithm.SHA256WITHECDSA, new byte[32]))
                    .isNotEmpty();
        }
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
    }

    /** The real vault, its opened keys under watch. */
    private record Watched(KeyVault vault, List<WatchedKey> opened) implements KeyVault {

        Watched(KeyVault vault) {
            this(vault, new ArrayList<>());
        }

        @Override
        public PublicKey generate(UUID keyId, KeyAlgorithm algorithm, ActivationKey activation) {
            return vault.generate(keyId, algorithm, activation);
        }

        @Override
        public SigningKey open(UUID keyId, ActivationKey activation) {
            var key = new WatchedKey(vault.open(keyId, activation));
            opened.add(key);
            return key;
        }

        @Override
        public void destroy(UUID keyId) {
            vault.destroy(keyId);
        }
    }

    private static final class WatchedKey implements SigningKey {

        private final SigningKey key;
        private boolean closed;

        WatchedKey(SigningKey key) {
            this.key = key;
        }

        @Override
        public KeyAlgorithm algorithm() {
            return key.algorithm();
        }

        @Override
        public byte[] sign(SignatureAlgorithm algorithm, byte[] hash) {
            return key.sign(algorithm, hash);
        }

        @Override
        public void close() {
            closed = true;
            key.close();
        }
    }
}
