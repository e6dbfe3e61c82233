package org.countersign.wallet.nonces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.time.MovableClock;
import org.countersign.wallet.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NoncesTest {

    private static final String SOMEBODY = "192.0.2.1";

    private static TestDatabase context;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));

    @BeforeAll
    static void begin() throws IOException {
        context = new TestDatabase();
    }

    @AfterAll
    static void end() throws IOException {
        context.close();
    }

    private Nonces nonces(int perMinute) {
        return new Nonces(context.database().statements(), perMinute, Entropy.system(), clock);
    }

    @Test
    void a_nonce_is_taken_once_on_whatever_node() {
        var nonce = nonces(9).give(SOMEBODY);
        assertThat(nonce).matches("[A-Za-z0-9_-]{43}");
        assertThat(nonces(9).take(nonce)).isTrue();
        assertThat(nonces(9).take(nonce)).isFalse();
        assertThat(nonces(9).take("A".repeat(43))).isFalse();
    }

    @Test
    void a_nonce_is_good_for_twenty_seconds() {
        var nonces = nonces(9);
        var early = nonces.give(SOMEBODY);
        var late = nonces.give(SOMEBODY);
        clock.advance(Duration.ofMillis(19_999));
        assertThat(nonces.take(early)).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(nonces.take(late)).isFalse();
    }

    @Test
    void one_network_does_not_get_too_many() {
        var nonces = nonces(2);
        nonces.give("2001:db8::1");
        nonces.give("2001:db8::2");
        var refusal = catchThrowableOfType(ProtocolException.class, () -> nonces.give("2001:db8::3"));
        assertThat(refusal.code()).isEqualTo(OAuth2Error.SLOW_DOWN);
        assertThat(refusal.retryAfter()).contains(Duration.ofMinutes(1));
        nonces.give("2001:db8:0:1::1");
        clock.advance(Duration.ofMinutes(1));
        nonces.give("2001:db8::3");
    }

    @Test
    void all_networks_together_do_not_get_too_many() {
        var nonces = nonces(1);
        for (int i = 0; i < 100; i++) {
            nonces.give("192.0.2." + i);
        }
        var refusal = catchThrowableOfType(ProtocolException.class, () -> nonces.give("192.0.2.100"));
        assertThat(refusal.code()).isEqualTo(OAuth2Error.SLOW_DOWN);
        clock.advance(Duration.ofMinutes(1));
        nonces.give("192.0.2.100");
    }

    @Test
    void what_has_expired_is_cleared_away_and_nothing_else() {
        context.database().statements().update("delete from nonce", statement -> {});
        var nonces = nonces(9);
        nonces.give(SOMEBODY);
        clock.advance(Duration.ofSeconds(21));
        var live = nonces.give(SOMEBODY);
        nonces.purge();
        assertThat(context.database()
                        .statements()
                        .first("select count(*) from nonce", statement -> {}, row -> row.getInt(1)))
                .contains(1);
        assertThat(nonces.take(live)).isTrue();
    }
}
