package org.countersign.wallet.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.countersign.core.jose.Base64Url;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.time.MovableClock;
import org.junit.jupiter.api.Test;

class ProofNoncesTest {

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final ProofNonces nonces = new ProofNonces(new MasterSecret(new byte[32]), clock);

    @Test
    void one_is_good_for_a_minute_on_every_node_of_its_context() {
        var nonce = nonces.fresh();
        var other = new ProofNonces(new MasterSecret(new byte[32]), clock);
        clock.advance(Duration.ofMillis(59_999));
        assertThat(other.isGood(nonce)).isTrue();
        assertThat(nonces.isGood(nonce)).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(nonces.isGood(nonce)).isFalse();
    }

    @Test
    void the_clock_of_another_node_may_be_five_seconds_ahead() {
        var ahead = new MovableClock(clock.instant().plusSeconds(5));
        var other = new ProofNonces(new MasterSecret(new byte[32]), ahead);
        assertThat(nonces.isGood(other.fresh())).isTrue();
        ahead.advance(Duration.ofSeconds(1));
        assertThat(nonces.isGood(other.fresh())).isFalse();
    }

    @Test
    void another_contexts_nonce_or_a_changed_one_is_none() {
        var secret = new byte[32];
        secret[0] = 1;
        assertThat(nonces.isGood(new ProofNonces(new MasterSecret(secret), clock).fresh()))
                .isFalse();
        var bytes = Base64Url.decode(nonces.fresh()).orElseThrow();
        assertThat(bytes).hasSize(24);
        for (int i = 0; i < bytes.length; i++) {
            var changed = bytes.clone();
            changed[i] ^= 1;
            assertThat(nonces.isGood(Base64Url.encode(changed))).as("byte " + i).isFalse();
        }
        for (var wrong : new String[] {"", "A", "A".repeat(32), nonces.fresh() + "AAAA", "+".repeat(32)}) {
            assertThat(nonces.isGood(wrong)).as(wrong).isFalse();
        }
    }
}
