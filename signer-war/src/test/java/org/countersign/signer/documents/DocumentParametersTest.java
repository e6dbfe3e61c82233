package org.countersign.signer.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentParametersTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:20:30.5Z");

    @ParameterizedTest
    @CsvSource({
        "PAdES,, ,",
        "XAdES,,,",
        "XAdES,,enveloping,",
        "JAdES,,detached,a.json",
        "CAdES,ASiC-E,,a.txt",
        "XAdES,ASiC-S,detached,ein Brief.txt"
    })
    void what_is_answered_asks_for_the_same_again(String format, String container, String packaging, String name) {
        var first = DocumentParameters.of(request(format, container, packaging, null, name), NOW);
        var again = DocumentParameters.of(first.request("c"), NOW.plusSeconds(300));
        assertThat(again).isEqualTo(first);
        assertThat(first.signingTime()).isEqualTo(Instant.parse("2026-05-04T10:20:30Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "PAdES,,enveloped,,ok",
        "CAdES,,,mimetype,ok",
        "CAdES,ASiC-E,,mimetype,name must not be mimetype in a container",
        "PAdES,,detached,,packaging does not fit the format",
        "PAdES,ASiC-E,,,container is for XAdES and CAdES",
        "JAdES,ASiC-S,,,container is for XAdES and CAdES",
        "CAdES,,enveloped,,packaging does not fit the format",
        "XAdES,ASiC-E,enveloped,,packaging does not fit the format",
        ",,,,'format is required: one of PAdES, XAdES, JAdES, CAdES'",
        "pades,,,,'format must be one of PAdES, XAdES, JAdES, CAdES'"
    })
    void what_does_not_go_together_is_refused(
            String format, String container, String packaging, String name, String refusal) {
        var request = request(format, container, packaging, null, name);
        if (refusal.equals("ok")) {
            DocumentParameters.of(request, NOW);
        } else {
            assertThatThrownBy(() -> DocumentParameters.of(request, NOW))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining(refusal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".a", "a/b", "a\\b", "a\nb", "a\u202eb", "../a", " a"})
    void names_are_names_and_nothing_more(String name) {
        assertThatThrownBy(() -> DocumentParameters.of(request("CAdES", null, null, null, name), NOW))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void the_signing_time_is_of_the_last_24_hours() {
        for (var time : new Instant[] {NOW.minus(Duration.ofHours(25)), NOW.plusSeconds(90), NOW}) {
            assertThatThrownBy(() -> DocumentParameters.of(request("CAdES", null, null, time.toString(), null), NOW))
                    .as(time.toString())
                    .isInstanceOf(ProtocolException.class);
        }
        assertThatThrownBy(() -> DocumentParameters.of(request("CAdES", null, null, "yesterday", null), NOW))
                .isInstanceOf(ProtocolException.class);
        DocumentParameters.of(request("CAdES", null, null, "2026-05-03T11:00:00Z", null), NOW);
    }

    private static DocumentRequest request(
            String format, String container, String packaging, String time, String name) {
        return new DocumentRequest(
                "c", format, container, packaging, null, "SHA256WITHECDSA", null, time, name, null, null, null);
    }
}
