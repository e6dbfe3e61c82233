package org.countersign.ds.applications;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

    @ParameterizedTest
    @CsvSource({
        "https://shop.example.com, https://shop.example.com",
        "HTTPS://Shop.Example.COM:443, https://shop.example.com",
        "https://shop.example.com:8443, https://shop.example.com:8443",
        "http://localhost:3000, http://localhost:3000",
        "http://127.0.0.1:80, http://127.0.0.1",
        "http://[::1]:8080, http://[::1]:8080",
        "https://[2001:db8::1], https://[2001:db8::1]",
        "https://xn--bcher-kva.example, https://xn--bcher-kva.example"
    })
    void an_origin_is_written_as_browsers_do(String text, String origin) {
        assertThat(Origin.parse(text)).contains(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "null",
                "shop.example.com",
                "https://",
                "https://shop.example.com/",
                "https://shop.example.com/page",
                "https://shop.example.com?x",
                "https://shop.example.com#x",
                "https://user@shop.example.com",
                "https://*.example.com",
                "https://shop.example.com:0",
                "https://shop.example.com:65536",
                "https://shop.example.com:443x",
                "https://-shop.example.com",
                "https://shop..example.com",
                "http://shop.example.com",
                "http://localhost.example.com",
                "http://127.0.0.1.example.com",
                "ftp://shop.example.com",
                "https://shop.example.com\n",
                "https://bücher.example"
            })
    void anything_else_is_none(String text) {
        assertThat(Origin.parse(text)).isEmpty();
    }

    @Test
    void nothing_and_too_much_are_none() {
        assertThat(Origin.parse(null)).isEmpty();
        assertThat(Origin.parse("https://" + "a.".repeat(200) + "example")).isEmpty();
    }
}
