package org.countersign.server.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.net.ntp.NtpV3Impl;
import org.apache.commons.net.ntp.NtpV3Packet;
import org.apache.commons.net.ntp.TimeStamp;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.time.ClockStatus.State;
import org.countersign.server.time.TestNtpServer.Bend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SynchronizedClockTest {

    private static final Clock MACHINE = Clock.systemUTC();
    private static final Duration AHEAD = Duration.ofHours(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static NtpSettings settings(TestNtpServer server) {
        return new NtpSettings("127.0.0.1", server.port(), TIMEOUT, Duration.ofMinutes(1), Duration.ofDays(1));
    }

    private static SynchronizedClock clock(TestNtpServer server) {
        return new SynchronizedClock(Optional.of(settings(server)), MACHINE, Entropy.system());
    }

    private static void assertAhead(SynchronizedClock clock, Duration ahead) {
        assertThat(clock.instant()).isCloseTo(MACHINE.instant().plus(ahead), within(600, ChronoUnit.MILLIS));
    }

    @Test
    void without_a_server_it_is_the_machines_clock() {
        try (var clock = new SynchronizedClock(Optional.empty(), MACHINE, Entropy.system())) {
            clock.start("test");
            assertAhead(clock, Duration.ZERO);
            assertThat(clock.status()).isEqualTo(new ClockStatus(State.MACHINE, Duration.ZERO, Optional.empty()));
        }
    }

    @Test
    void after_the_start_the_servers_time_is_shown_already() throws IOException {
        try (var server = new TestNtpServer(AHEAD);
                var clock = clock(server)) {
            clock.start("test");
            assertAhead(clock, AHEAD);
            assertAhead(clock, clock.status().offset());
            assertThat(clock.status().state()).isEqualTo(State.SYNCHRONISED);
            assertThat(clock.status().lastSync().orElseThrow())
                    .isCloseTo(clock.instant(), within(10, ChronoUnit.SECONDS));
            assertThat(clock.withZone(ZoneOffset.ofHours(2)).instant())
                    .isCloseTo(clock.instant(), within(600, ChronoUnit.MILLIS));
        }
    }

    @Test
    void a_machine_that_is_fast_is_put_back() throws IOException {
        try (var server = new TestNtpServer(AHEAD.negated());
                var clock = clock(server)) {
            clock.synchronise();
            assertAhead(clock, AHEAD.negated());
        }
    }

    @Test
    void a_server_that_is_away_from_the_beginning_leaves_the_machines_clock() throws IOException {
        var server = new TestNtpServer(AHEAD);
        server.close();
        try (var clock = clock(server)) {
            clock.start("test");
            assertAhead(clock, Duration.ZERO);
            assertThat(clock.status().state()).isEqualTo(State.UNSYNCHRONISED);
        }
    }

    @Test
    void a_server_that_goes_away_leaves_the_last_offset_and_is_believed_again_when_it_is_back() throws IOException {
        try (var server = new TestNtpServer(AHEAD);
                var clock = clock(server)) {
            clock.synchronise();
            var synchronised = clock.status();
            server.answering();
            clock.synchronise();
            assertAhead(clock, AHEAD);
            assertThat(clock.status())
                    .isEqualTo(new ClockStatus(State.HOLDING, synchronised.offset(), synchronised.lastSync()));
            server.answering(answer -> {});
            clock.synchronise();
            assertThat(clock.status().state()).isEqualTo(State.SYNCHRONISED);
            assertThat(clock.status().lastSync().orElseThrow())
                    .isAfter(synchronised.lastSync().orElseThrow());
        }
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                bent("mode 3, another client", answer -> answer.setMode(NtpV3Packet.MODE_CLIENT)),
                bent("mode 5, broadcast", answer -> answer.setMode(NtpV3Packet.MODE_BROADCAST)),
                bent("leap 3", answer -> answer.setLeapIndicator(NtpV3Packet.LI_ALARM_CONDITION)),
                bent("stratum 16", answer -> answer.setStratum(16)),
                bent("stratum 255", answer -> answer.setStratum(255)),
                bent("another origin", answer -> answer.setOriginateTimeStamp(TimeStamp.getCurrentTime())),
                bent("no origin", answer -> answer.setOriginateTimeStamp(new TimeStamp(0L))),
                bent("transmit 0", answer -> answer.setTransmitTime(new TimeStamp(0L))),
                bent("receive 0", answer -> answer.setReceiveTimeStamp(new TimeStamp(0L))),
                bent("sent before it was received", answer -> answer.setReceiveTimeStamp(at(10_000))),
                bent("longer under way than it was", answer -> {
                    answer.setReceiveTimeStamp(at(-20_000));
                    answer.setTransmitTime(at(20_000));
                }),
                bent("set after it was sent", answer -> answer.setReferenceTime(at(60_000))),
                bent("16 s of root dispersion", answer -> answer.setRootDispersion(16 << 16)),
                bent("a root delay that is negative when signed", answer -> answer.setRootDelay(0x8000_0000)),
                bent("a jump of 25 hours", answer -> jump(answer, Duration.ofHours(25))),
                bent("a jump of 20 years", answer -> jump(answer, Duration.ofDays(-7_300))),
                bent("kiss-o'-death without a known code", answer -> kiss(answer, "INIT")));
    }

    private static Arguments bent(String what, Bend bend) {
        return Arguments.of(what, bend);
    }

    private static TimeStamp at(long milliseconds) {
        return TimeStamp.getNtpTime(System.currentTimeMillis() + AHEAD.toMillis() + milliseconds);
    }

    private static void jump(NtpV3Impl answer, Duration from) {
        var time = TimeStamp.getNtpTime(System.currentTimeMillis() + from.toMillis());
        answer.setReferenceTime(time);
        answer.setReceiveTimeStamp(time);
        answer.setTransmitTime(time);
    }

    private static void kiss(NtpV3Impl answer, String code) {
        answer.setStratum(0);
        answer.setReferenceId(
                ByteBuffer.wrap(code.getBytes(StandardCharsets.US_ASCII)).getInt());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusable")
    void an_answer_that_is_not_right_moves_nothing(String what, Bend bend) throws IOException {
        try (var server = new TestNtpServer(AHEAD);
                var clock = clock(server)) {
            clock.synchronise();
            assertThat(clock.status().state()).isEqualTo(State.SYNCHRONISED);
            var offset = clock.status().offset();
            server.answering(bend);
            clock.synchronise();
            assertThat(clock.status().state()).isEqualTo(State.HOLDING);
            assertThat(clock.status().offset()).isEqualTo(offset);
            assertThat(clock.interval()).isEqualTo(Duration.ofMinutes(1));
        }
    }

    @Test
    void a_forged_answer_that_comes_first_does_not_keep_the_right_one_out() throws IOException {
        try (var server = new TestNtpServer(AHEAD);
                var clock = clock(server)) {
            server.answering(
                    forged -> {
                        forged.setOriginateTimeStamp(TimeStamp.getCurrentTime());
                        jump(forged, Duration.ofHours(-5));
                    },
                    right -> {});
            clock.synchronise();
            assertThat(clock.status().state()).isEqualTo(State.SYNCHRONISED);
            assertAhead(clock, AHEAD);
        }
    }

    @Test
    void the_origin_is_not_the_time_and_another_each_time() throws IOException {
        var origins = new java.util.concurrent.ConcurrentLinkedQueue<TimeStamp>();
        try (var server = new TestNtpServer(AHEAD);
                var clock = clock(server)) {
            server.answering(answer -> origins.add(answer.getOriginateTimeStamp()));
            for (int i = 0; i < 5; i++) {
                clock.synchronise();
            }
        }
        assertThat(origins).hasSize(5).doesNotHaveDuplicates();
        assertThat(origins.stream().filter(origin -> Math.abs(origin.getTime() - System.currentTimeMillis()) < 60_000))
                .isEmpty();
    }

    @Test
    void a_narrower_limit_is_kept_to() throws IOException {
        try (var server = new TestNtpServer(AHEAD)) {
            var narrow = new NtpSettings(
                    "127.0.0.1", server.port(), TIMEOUT, Duration.ofMinutes(1), AHEAD.minus(Duration.ofMinutes(1)));
            try (var clock = new SynchronizedClock(Optional.of(narrow), MACHINE, Entropy.system())) {
                clock.synchronise();
                assertThat(clock.status().state()).isEqualTo(State.UNSYNCHRONISED);
                assertAhead(clock, Duration.ZERO);
            }
        }
    }

    @Test
    void a_server_that_wishes_so_is_asked_half_as_often() throws IOException {
        try (var server = new TestNtpServer(AHEAD);
                var clock = clock(server)) {
            server.answering(answer -> kiss(answer, "RATE"));
            clock.synchronise();
            assertThat(clock.interval()).isEqualTo(Duration.ofMinutes(2));
            for (int i = 0; i < 20; i++) {
                clock.synchronise();
            }
            assertThat(clock.interval()).isEqualTo(Duration.ofDays(1));
        }
    }

    @ParameterizedTest
    @MethodSource("denials")
    void a_server_that_wishes_so_is_asked_no_more(String code) throws Exception {
        try (var server = new TestNtpServer(AHEAD).answering(answer -> kiss(answer, code))) {
            var often = new NtpSettings("127.0.0.1", server.port(), TIMEOUT, Duration.ofMillis(20), Duration.ofDays(1));
            try (var clock = new SynchronizedClock(Optional.of(often), MACHINE, Entropy.system())) {
                clock.start("test");
                Thread.sleep(300);
                assertThat(server.questions()).isEqualTo(1);
                assertThat(clock.status().state()).isEqualTo(State.UNSYNCHRONISED);
            }
        }
    }

    static Stream<String> denials() {
        return Stream.of("DENY", "RSTR");
    }

    @Test
    void it_goes_on_asking_in_the_background_until_it_is_closed() throws Exception {
        try (var server = new TestNtpServer(AHEAD).answering()) {
            var often = new NtpSettings(
                    "127.0.0.1", server.port(), Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofDays(1));
            var clock = new SynchronizedClock(Optional.of(often), MACHINE, Entropy.system());
            clock.start("test");
            server.answering(answer -> {});
            var deadline = Instant.now().plusSeconds(20);
            while (clock.status().state() != State.SYNCHRONISED && Instant.now().isBefore(deadline)) {
                Thread.sleep(10);
            }
            assertAhead(clock, AHEAD);
            clock.close();
            Thread.sleep(200);
            int asked = server.questions();
            Thread.sleep(200);
            assertThat(server.questions()).isEqualTo(asked);
        }
    }
}
