package org.countersign.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final Duration SOON = Duration.ofSeconds(1);

    @Test
    void what_stands_after_something_that_is_down_is_not_asked() {
        var asked = new AtomicInteger();
        var checks = checks();
        checks.put("first", () -> true);
        checks.put("second", () -> false);
        checks.put("third", () -> asked.incrementAndGet() > 0);
        try (var readiness = new Readiness(checks)) {
            assertThat(readiness.states()).isEqualTo(Map.of("first", true, "second", false, "third", false));
            assertThat(asked).hasValue(0);
        }
    }

    @Test
    void a_check_that_hangs_is_down_in_time_and_asked_by_one_thread_only() throws InterruptedException {
        var hang = new CountDownLatch(1);
        var asked = new AtomicInteger();
        var checks = checks();
        checks.put("well", () -> true);
        checks.put("hanging", () -> {
            asked.incrementAndGet();
            try {
                hang.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return true;
        });
        try (var readiness = new Readiness(checks)) {
            for (int i = 0; i < 3; i++) {
                long began = System.nanoTime();
                assertThat(readiness.states()).isEqualTo(Map.of("well", true, "hanging", false));
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
            }
            assertThat(asked).hasValue(1);
            hang.countDown();
            assertThat(readiness.states()).isEqualTo(Map.of("well", true, "hanging", true));
        }
    }

    @Test
    void others_are_asked_anew_while_one_hangs() {
        var well = new AtomicBoolean(true);
        var checks = checks();
        checks.put("known", well::get);
        checks.put("hanging", () -> {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
            }
            return true;
        });
        try (var readiness = new Readiness(checks)) {
            assertThat(readiness.states()).isEqualTo(Map.of("known", true, "hanging", false));
            well.set(false);
            assertThat(readiness.states()).isEqualTo(Map.of("known", false, "hanging", false));
        }
    }

    @Test
    void a_check_that_fails_is_down() {
        var checks = checks();
        checks.put("failing", () -> {
            throw new IllegalStateException("expected");
        });
        try (var readiness = new Readiness(checks)) {
            assertThat(readiness.states()).isEqualTo(Map.of("failing", false));
        }
    }

    private static LinkedHashMap<String, BooleanSupplier> checks() {
        return new LinkedHashMap<>();
    }
}
