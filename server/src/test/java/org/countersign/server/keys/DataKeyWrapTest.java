package org.countersign.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger generated = new AtomicInteger();
        private final AtomicInteger unwrapped = new AtomicInteger();
        private volatile boolean away;
        private volatile boolean opensOthers;
        private volatile CountDownLatch held;

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
            if (held != null) {
                awaitLatch();
            }
            if (opensOthers) {
                return TestKeys.ENTROPY.bytes(32);
            }
            return own.open(wrapped, new byte[0]).orElseThrow(() -> new KeyNotOpenedException(Reason.NOT_THIS_VAULTS));
        }

        private void awaitLatch() {
            try {
                held.await();
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
        }

        private void requireThere() {
            asked.incrementAndGet();
            if (away) {
                throw new ProtocolException(OAuth2Error.TEMPORARILY_UNAVAILABLE, "away");
            }
        }
    }

    @Test
    void what_is_wrapped_opens_here_and_in_another_process() {
        var wrapped = wrap.wrap(KEY, INNER);
        assertThat(wrap.unwrap(KEY, wrapped)).isEqualTo(INNER);
        assertThat(service.unwrapped)
                .as("the data key is in memory, opened once to see that it does")
                .hasValue(1);
        var another = new DataKeyWrap(new DataKeys(service, LIFE, clock, TestKeys.ENTROPY));
        assertThat(another.unwrap(KEY, wrapped)).isEqualTo(INNER);
        assertThat(another.unwrap(KEY, wrapped)).isEqualTo(INNER);
        assertThat(service.unwrapped).hasValue(2);
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
        assertThat(service.unwrapped).as("asked again after its life").hasValue(3 + 1);
    }

    @Test
    void no_more_than_a_thousand_data_keys_are_in_memory() {
        for (int i = 0; i < 1_010; i++) {
            var others = new DataKeyWrap(new DataKeys(service, LIFE, clock, TestKeys.ENTROPY));
            wrap.unwrap(KEY, others.wrap(KEY, INNER));
        }
        assertThat(dataKeys.size()).isEqualTo(1_000);
    }

    @Test
    void none_is_in_memory_after_its_life_or_after_the_end() {
        assertThat(wrap.isUsable()).isTrue();
        assertThat(dataKeys.size()).isEqualTo(1);
        clock.advance(LIFE);
        assertThat(wrap.isUsable()).isTrue();
        assertThat(dataKeys.size()).isZero();

        wrap.wrap(KEY, INNER);
        clock.advance(LIFE);
        var other = new DataKeyWrap(new DataKeys(service, LIFE, clock, TestKeys.ENTROPY)).wrap(KEY, INNER);
        wrap.unwrap(KEY, other);
        assertThat(dataKeys.size()).as("the other alone").isEqualTo(1);
        dataKeys.close();
        assertThat(dataKeys.size()).isZero();
    }

    /** It may wrap the only copy of a key. */
    @Test
    void a_data_key_that_the_service_does_not_open_again_wraps_nothing() {
        service.opensOthers = true;
        assertThatThrownBy(() -> wrap.wrap(KEY, INNER)).hasMessageContaining("opens a data key to another one");
        assertThat(dataKeys.size()).isZero();
        service.opensOthers = false;
        assertThat(wrap.unwrap(KEY, wrap.wrap(KEY, INNER))).isEqualTo(INNER);
    }

    @Test
    void a_service_that_answers_nobody_keeps_a_few_threads_only() throws Exception {
        var wrapped = new byte[DataKeys.MOST_WAITING + 1][];
        for (int i = 0; i < wrapped.length; i++) {
            wrapped[i] = new DataKeyWrap(new DataKeys(service, LIFE, clock, TestKeys.ENTROPY)).wrap(KEY, INNER);
        }
        int before = service.unwrapped.get();
        service.held = new CountDownLatch(1);
        var threads = Executors.newFixedThreadPool(DataKeys.MOST_WAITING);
        try {
            var opened = new ArrayList<Future<byte[]>>();
            for (int i = 0; i < DataKeys.MOST_WAITING; i++) {
                var one = wrapped[i];
                opened.add(threads.submit(() -> wrap.unwrap(KEY, one)));
            }
            while (service.unwrapped.get() < before + DataKeys.MOST_WAITING) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> wrap.unwrap(KEY, wrapped[DataKeys.MOST_WAITING]))
                    .isInstanceOfSatisfying(
                            ProtocolException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(OAuth2Error.TEMPORARILY_UNAVAILABLE));
            service.held.countDown();
            for (var one : opened) {
                assertThat(one.get()).isEqualTo(INNER);
            }
            assertThat(wrap.unwrap(KEY, wrapped[DataKeys.MOST_WAITING])).isEqualTo(INNER);
        } finally {
            service.held.countDown();
            threads.shutdownNow();
        }
    }

    @Test
    void a_service_that_was_away_a_moment_ago_is_not_asked() {
        var wrapped = wrap.wrap(KEY, INNER);
        var another = new DataKeyWrap(new DataKeys(service, LIFE, clock, TestKeys.ENTROPY));
        service.away = true;
        int before = service.asked.get();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> another.unwrap(KEY, wrapped)).isInstanceOf(ProtocolException.class);
            assertThatThrownBy(() -> another.wrap(KEY, INNER)).isInstanceOf(ProtocolException.class);
            assertThat(another.isUsable()).isFalse();
        }
        assertThat(service.asked.get() - before).isEqualTo(1);
        service.away = false;
        clock.advance(DataKeys.AWAY);
        assertThat(another.unwrap(KEY, wrapped)).isEqualTo(INNER);
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
        clock.advance(DataKeys.AWAY);
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
