package org.countersign.ds.consents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrowserTokenTest {

    private static final String CUID = "cjld2cjxh0000qzrmn831i7rn";

    @Test
    void the_check_digits_are_the_first_eight_characters_modulo_97() {
        long digits = Long.parseLong("jld2cjxh", 36) % 97;
        for (int i = 0; i < 97; i++) {
            assertThat(BrowserToken.isGood(CUID + String.format("%02d", i))).isEqualTo(i == digits);
        }
        assertThat(BrowserToken.isGood(CUID)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com", "http://localhost:8080"})
    void an_origin(String origin) {
        assertThat(ConsentComponents.origin(origin)).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "app.example.com",
                "https://app.example.com/",
                "https://APP.example.com",
                "https://a@app.example.com",
                "file:///x",
                "https://app.example.com?x"
            })
    void what_no_browser_sends_as_an_origin(String origin) {
        assertThatThrownBy(() -> ConsentComponents.origin(origin)).isInstanceOf(ProtocolException.class);
    }
}
