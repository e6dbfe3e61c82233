package org.countersign.server.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import org.countersign.server.web.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6749 §2.3.1. */
class ClientAuthenticationTest {

    private static Form form(String... pairs) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return new Form(map);
    }

    private static String basic(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_client_shows_itself_in_the_form_or_by_basic_with_both_parts_form_encoded() {
        assertThat(ClientAuthentication.of(null, form("client_id", "a", "client_secret", "b")))
                .isEqualTo(new ClientAuthentication("a", "b"));
        assertThat(ClientAuthentication.of(basic("a%3Ab:c+d%25"), form("x", "y")))
                .isEqualTo(new ClientAuthentication("a:b", "c d%"));
    }

    @Test
    void not_in_two_ways_at_once() {
        assertThatThrownBy(() -> ClientAuthentication.of(basic("a:b"), form("client_secret", "b")))
                .hasMessageContaining("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer x", "Basic", "Basic !!", "Basic YQ==", "Basic YTolWg==", ""})
    void another_header_is_bad_credentials(String header) {
        assertThatThrownBy(() -> ClientAuthentication.of(header, form("x", "y")))
                .hasMessageContaining("invalid_client: Bad client credentials");
    }
}
