package org.countersign.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.countersign.server.time.MovableClock;
import org.junit.jupiter.api.Test;

class WindowsTest {

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final Windows windows = new Windows(Duration.ofMinutes(1), 3, clock);

    @Test
    void counts_by_name_until_the_window_ends() {
        assertThat(windows.add("a")).isEqualTo(1);
        clock.advance(Duration.ofSeconds(59));
        assertThat(windows.add("a")).isEqualTo(2);
        assertThat(windows.add("b")).isEqualTo(1);
        assertThat(windows.count("a")).isEqualTo(2);
        assertThat(windows.remaining("a")).isEqualTo(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(windows.count("a")).isZero();
        assertThat(windows.remaining("a")).isZero();
        assertThat(windows.add("a")).isEqualTo(1);
    }

    @Test
    void a_clock_put_back_does_not_lengthen_a_window() {
        windows.add("a");
        clock.advance(Duration.ofDays(-1));
        assertThat(windows.count("a")).isZero();
    }

    @Test
    void of_too_many_names_the_least_recent_is_forgotten() {
        for (var name : new String[] {"a", "b", "c", "a", "d"}) {
            windows.add(name);
        }
        assertThat(windows.size()).isEqualTo(3);
        assertThat(windows.count("b")).isZero();
        assertThat(windows.count("a")).isEqualTo(2);
    }
}
