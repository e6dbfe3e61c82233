package org.countersign.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;

class FormAndPageTest {

    @Test
    void no_form_is_no_payload() {
        assertThatThrownBy(() -> Form.required(null)).hasMessageContaining("Payload is required");
        assertThatThrownBy(() -> Form.parse("")).hasMessageContaining("Payload is required");
    }

    @Test
    void a_parameter_is_sent_once_and_an_empty_one_counts_as_left_out() {
        var form = Form.parse("a=1%202&b=");
        assertThat(form.get("a")).contains("1 2");
        assertThat(form.get("b")).isEmpty();
        assertThat(form.get("c")).isEmpty();
        assertThatThrownBy(() -> Form.parse("a=1&a=1")).hasMessageContaining("must not be sent twice");
    }

    @Test
    void a_broken_escape_is_refused() {
        assertThatThrownBy(() -> Form.parse("a=%zz")).isInstanceOf(ProtocolException.class);
    }

    @Test
    void a_parameter_has_a_limit() {
        var form = Form.parse("a=" + "x".repeat(8_193));
        assertThatThrownBy(() -> form.get("a")).hasMessageContaining("too long");
    }

    @Test
    void a_page_has_its_defaults_and_limits() {
        assertThat(Page.of(null, null)).isEqualTo(new Page(0, 100));
        assertThat(Page.of(3, 50).first()).isEqualTo(150);
        assertThat(Page.of(1_000_000, 1_000).first()).isEqualTo(1_000_000_000);
        for (var wrong : new Integer[][] {{-1, 1}, {0, 0}, {0, 1_001}, {1_000_001, 1}}) {
            assertThatThrownBy(() -> Page.of(wrong[0], wrong[1])).isInstanceOf(ProtocolException.class);
        }
    }
}
