package org.countersign.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {

    private static final String TYPE = "multipart/form-data; boundary=xyz";

    @Test
    void partsComeInTheirOrderWithTheirNames() throws IOException {
        var parts = parts(
                TYPE,
                "--xyz\r\nContent-Disposition: form-data; name=\"parameters\"\r\n\r\n{}\r\n"
                        + "--xyz\r\ncontent-disposition: form-data; name=document; filename=\"a \\\"b\\\".pdf\"\r\n"
                        + "Content-Type: application/pdf\r\n\r\nfirst\r\n--xy\r\nsecond\r\n--xyz--\r\n");
        assertThat(parts)
                .containsExactly(
                        Map.entry("parameters null", "{}"),
                        Map.entry("document a \"b\".pdf", "first\r\n--xy\r\nsecond"));
    }

    @Test
    void aPreambleAnEpilogueAndAnEmptyPartAreAllowed() throws IOException {
        assertThat(parts(
                        "Multipart/Form-Data; charset=utf-8; boundary=\"x y\"",
                        "before\r\n--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--x y--after"))
                .containsExactly(Map.entry("a null", ""));
    }

    /** Delimiters at each place of the buffer, and reads of any size. */
    @Test
    void aLongPartIsReadAsItIs() throws IOException {
        for (int extra = 0; extra < 40; extra++) {
            var content = new byte[(1 << 16) * 2 + extra];
            Arrays.fill(content, (byte) '\r');
            var body = new ByteArrayOutputStream();
            body.writeBytes("--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            body.writeBytes(content);
            body.writeBytes("\r\n--xyz--".getBytes(StandardCharsets.UTF_8));
            var form = MultipartForm.of(TYPE, slow(body.toByteArray(), 1_000 + extra));
            assertThat(form.next().orElseThrow().content().readAllBytes()).isEqualTo(content);
            assertThat(form.next()).isEmpty();
        }
    }

    @Test
    void whatIsNotReadIsPassedOver() throws IOException {
        var form = MultipartForm.of(
                TYPE,
                stream("--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nlong\r\n"
                        + "--xyz\r\nContent-Disposition: form-data; name=b\r\n\r\nx\r\n--xyz--"));
        form.next();
        assertThat(form.next().orElseThrow().name()).isEqualTo("b");
        assertThat(form.next()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "--xyz",
                "--xyz\r\n",
                "--xyzz\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--xyz--",
                "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
                "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--xyz",
                "--xyz\r\nContent-Disposition: form-data\r\n\r\nx\r\n--xyz--",
                "--xyz\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--xyz--",
                "--xyz\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--xyz--",
                "--xyz\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--xyz--",
                "--xyz\r\nno header\r\n\r\nx\r\n--xyz--",
                "--xyz\r\n\r\nx\r\n--xyz--"
            })
    void whatIsNoFormIsRefused(String body) {
        assertThatThrownBy(() -> parts(TYPE, body)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void headersOfAPartAreLimited() {
        assertThatThrownBy(() -> parts(TYPE, "--xyz\r\n" + "a: b\r\n".repeat(10_000) + "\r\nx\r\n--xyz--"))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> parts(TYPE, "--xyz\r\na: " + "b".repeat(100_000) + "\r\n\r\nx\r\n--xyz--"))
                .isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=a b",
                "multipart/mixed; boundary=xyz"
            })
    void theTypeHasToNameABoundary(String type) {
        assertThatThrownBy(() -> MultipartForm.of(type, stream("--xyz--"))).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> MultipartForm.of(null, stream("--xyz--"))).isInstanceOf(ProtocolException.class);
    }

    private static Map<String, String> parts(String type, String body) throws IOException {
        var form = MultipartForm.of(type, stream(body));
        var parts = new LinkedHashMap<String, String>();
        for (var part = form.next(); part.isPresent(); part = form.next()) {
            parts.put(
                    part.get().name() + " " + part.get().fileName().orElse(null),
                    new String(part.get().content().readAllBytes(), StandardCharsets.UTF_8));
        }
        return parts;
    }

    private static InputStream stream(String body) {
        return new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream slow(byte[] body, int most) {
        return new ByteArrayInputStream(body) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, most));
            }
        };
    }
}
