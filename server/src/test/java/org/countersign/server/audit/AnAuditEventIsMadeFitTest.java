package org.countersign.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AnAuditEventIsMadeFitTest {

    @Test
    void longValuesAreCut() {
        var event = AuditEvent.failure("token.requested").client("x".repeat(10_000));
        assertThat(event.client().orElseThrow()).hasSize(256).endsWith("x…");
        assertThat(AuditEvent.success("a.b").client("x".repeat(256)).client().orElseThrow())
                .isEqualTo("x".repeat(256));
    }

    @Test
    void charactersTheDatabaseOrATerminalWouldMindAreReplaced() {
        assertThat(AuditEvent.success("a.b").seat("a\0b\n\uD800c\uD83D\uDE00").seat())
                .hasValue("a\uFFFDb\uFFFD\uFFFDc\uD83D\uDE00");
    }

    @Test
    void detailsKeepTheirOrder() {
        assertThat(AuditEvent.success("a.b").detail("z", 1).detail("a", "2").details())
                .containsExactly(java.util.Map.entry("z", "1"), java.util.Map.entry("a", "2"));
    }

    @Test
    void noUseCaseSpeaksForAChain() {
        assertThatThrownBy(() -> AuditEvent.success("chain.recovered")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AuditEvent.success("No type")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysGoThroughPemAndBack() {
        var pem = AuditRig.KEY.publicKey().toPem();
        assertThat(AnchorPublicKey.ofPem(pem).toPem()).isEqualTo(pem);
        assertThatThrownBy(() -> AnchorPublicKey.ofPem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
