package org.countersign.server.issuing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTimeTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-06-01T12:00:30Z, 30",
        "2026-06-01T13:59:30.5+02:00, -30",
        "1780315200, 0",
        "0, -1780315200",
        "2020-01-01T00:00:00Z, -202478400"
    })
    void the_offset_is_by_how_much_the_requester_is_ahead(String text, long seconds) {
        assertThat(ClientTime.offset(text, NOW).orElseThrow().plusMillis(text.contains(".5") ? -500 : 0))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void without_the_header_there_is_none() {
        assertThat(ClientTime.offset(null, NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "-1",
                "1.5",
                "1234567890123",
                "2026-06-01",
                "2026-06-01T12:00:00",
                "2026-06-01 12:00:00Z",
                "2026-02-30T12:00:00Z",
                "2026-06-01T25:00:00Z",
                "+12026-06-01T12:00:00Z",
                "2026-06-01T12:00:00+99:00"
            })
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> ClientTime.offset(text, NOW)).isInstanceOf(ProtocolException.class);
    }
}
