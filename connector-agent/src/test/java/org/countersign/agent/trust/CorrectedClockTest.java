package org.countersign.agent.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CorrectedClockTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    Instant machine = NOW.minus(Duration.ofDays(3));
    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    final CorrectedClock clock = new CorrectedClock(
            new Clock() {
                @Override
                public Instant instant() {
                    return machine;
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            },
            nanos::get);

    private void pass(Duration time) {
        machine = machine.plus(time);
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void a_clock_that_is_put_right_is_not_put_wrong_again() {
        var moved = new AtomicInteger();
        clock.whenMoved(moved::incrementAndGet);
        clock.learn(NOW);
        pass(Duration.ofHours(5));
        machine = machine.plusSeconds(59);
        assertThat(clock.instant()).isEqualTo(NOW.plus(Duration.ofHours(5)).plusSeconds(59));
        assertThat(clock.isFresh()).isTrue();
        assertThat(moved).hasValue(0);
        machine = NOW.plus(Duration.ofHours(5));
        assertThat(clock.instant()).isEqualTo(machine);
        assertThat(clock.isFresh()).isFalse();
        assertThat(clock.correction()).isEmpty();
        assertThat(moved).hasValue(1);
        clock.learn(machine.plusSeconds(7));
        assertThat(clock.instant()).isEqualTo(machine.plusSeconds(7));
        assertThat(clock.isFresh()).isTrue();
    }

    @Test
    void the_latest_time_that_was_told_stays() {
        clock.restore(Duration.ZERO, Optional.of(NOW));
        clock.learn(NOW.minusSeconds(9));
        assertThat(clock.latest()).isEqualTo(NOW);
        clock.learn(NOW.plusSeconds(9));
        assertThat(clock.latest()).isEqualTo(NOW.plusSeconds(9));
    }
}
