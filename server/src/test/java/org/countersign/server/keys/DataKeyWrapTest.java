package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.KeyNotOpenedException.Reason;
import org.countersign.server.time.MovableClock;
import org.junit.jupiter.api.Test;

class DataKeyWrapTest {

    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final UUID KEY = TestKeys.ENTROPY.uuid();
    private static final byte[] INNER = {1, 2, 3};

    private final MovableClock clock = new MovableClock(Instant.EPOCH);
    private final SmallService service = new SmallService(9);
    private final DataKeys dataKeys = new DataKeys(service, LIFE, clock, TestKeys.ENTROPY);
    private final DataKeyWrap wrap = new DataKeyWrap(dataKeys);

    /** Wraps by a key of its own. */
    private static final class SmallService implements KeyManagement {

        private final SealedSecrets own;
        private final AtomicInteger generated = new AtomicInteger();
        private final AtomicInteger unwrapped = new AtomicInteger();
        private volatile boolean away;

        SmallService(int fill) {
            var key = new byte[32];
            Arrays.fill(key, (byte) fill);
            own = new SealedSecrets(key, TestKeys.ENTROPY);
        }

        @Override
        public DataKey generate() {
            requireThere();
            generated.incrementAndGet();
            var key = TestKeys.ENTROPY.bytes(32);
            return new DataKey(key, own.seal(key, new byte[0]));
        }

        @Override
        public byte[] unwrap(byte[] wrapped) {
            requireThere();
            unwrapped.incrementAndGet();
            return own.open(wrapped, new byte[0]).orElseThrow(() -> new KeyNotOpenedException(Reason.NOT_THIS_VAULTS));
        }

        private void requireThere() {
            if (away) {
                throw new ProtocolException(OAuth2Error.TEMPORARILY_UNAVAILABLE, "away");
            }
        }
    }

    @Test
    void what_is_wrapped_opens_here_and_in_another_process() {
        var wrapped = wrap.wrap(KEY, INNER);
        assertThat(wrap.unwrap(KEY, wrapped)).isEqualTo(INNER);
        assertThat(service.unwrapped).as("the data key is in memory").hasValue(0);
        var another = new DataKeyWrap(new DataKeys(service, LIFE, clock, TestKeys.ENTROPY));
        assertThat(another.unwrap(KEY, wrapped)).isEqualTo(INNER);
        assertThat(another.unwrap(KEY, wrapped)).isEqualTo(INNER);
        assertThat(service.unwrapped).hasValue(1);
    }

    @Test
    void another_key_a_change_of_any_byte_and_another_service_open_nothing() {
        var wrapped = wrap.wrap(KEY, INNER);
        refused(wrap, TestKeys.ENTROPY.uuid(), wrapped);
        for (int i = 0; i < wrapped.length; i++) {
            var changed = wrapped.clone();
            changed[i] ^= 1;
            refused(wrap, KEY, changed);
        }
        for (int length = 0; length < wrapped.length; length++) {
            refused(wrap, KEY, Arrays.copyOf(wrapped, length));
        }
        var others = new DataKeyWrap(new DataKeys(new SmallService(8), LIFE, clock, TestKeys.ENTROPY));
        refused(others, KEY, wrapped);
        refused(wrap, KEY, new MasterSecretWrap(TestKeys.master(1), TestKeys.ENTROPY).wrap(KEY, INNER));
    }

    @Test
    void a_data_key_wraps_a_thousand_keys_and_stays_as_long_as_configured() {
        for (int i = 0; i < 1_000; i++) {
            wrap.wrap(KEY, INNER);
        }
        assertThat(service.generated).hasValue(1);
        var last = wrap.wrap(KEY, INNER);
        assertThat(service.generated).hasValue(2);
        clock.advance(LIFE);
        wrap.wrap(KEY, INNER);
        assertThat(service.generated).hasValue(3);
        wrap.unwrap(KEY, last);
        assertThat(service.unwrapped).as("asked again after its life").hasValue(1);
    }

    @Test
    void no_more_than_a_thousand_data_keys_are_in_memory() {
        for (int i = 0; i < 1_010; i++) {
            wrap.wrap(KEY, INNER);
            clock.advance(LIFE);
        }
        assertThat(dataKeys.size()).isEqualTo(1_000);
    }

    @Test
    void with_the_service_away_what_is_in_memory_opens_until_its_end_and_nothing_else_does() {
        var wrapped = wrap.wrap(KEY, INNER);
        assertThat(wrap.isUsable()).isTrue();
        service.away = true;
        assertThat(wrap.unwrap(KEY, wrapped)).isEqualTo(INNER);
        clock.advance(LIFE);
        assertThat(wrap.isUsable()).isFalse();
        assertThatThrownBy(() -> wrap.unwrap(KEY, wrapped)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> wrap.wrap(KEY, INNER)).isInstanceOf(ProtocolException.class);
        service.away = false;
        assertThat(wrap.isUsable()).isTrue();
        assertThat(wrap.unwrap(KEY, wrapped)).isEqualTo(INNER);
    }

    private static void refused(DataKeyWrap wrap, UUID key, byte[] wrapped) {
        assertThatThrownBy(() -> wrap.unwrap(key, wrapped))
                .isInstanceOfSatisfying(
                        KeyNotOpenedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.NOT_THIS_VAULTS));
    }
}
