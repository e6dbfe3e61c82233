package org.countersign.signer.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationPageTest {

    private static final String HOSTILE = "\"><script>alert('1')</script>&";

    @Test
    void what_a_document_says_of_itself_is_text() {
        var hostile = List.of(HOSTILE);
        var stamp = new Explanation.Timestamp(HOSTILE, "FAILED", HOSTILE, HOSTILE, HOSTILE, hostile, hostile);
        var page = ExplanationPage.of(new Explanation(
                HOSTILE,
                1,
                0,
                List.of(new Explanation.Signature(
                        HOSTILE,
                        HOSTILE,
                        HOSTILE,
                        HOSTILE,
                        HOSTILE,
                        HOSTILE,
                        HOSTILE,
                        hostile,
                        hostile,
                        hostile,
                        hostile,
                        hostile,
                        List.of(stamp))),
                List.of(stamp),
                List.of(new Explanation.Certificate(
                        HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, hostile,
                        hostile, hostile, hostile, null)),
                null));
        assertThat(page)
                .doesNotContain("<script", "alert('")
                .contains("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;")
                .contains("Not valid", "Can not be decided");
    }

    @Test
    void what_passed_is_called_valid_and_nothing_else_is() {
        for (var indication : List.of("TOTAL_PASSED", "TOTAL_FAILED", "INDETERMINATE")) {
            var page = ExplanationPage.of(new Explanation(
                    "now",
                    1,
                    1,
                    List.of(new Explanation.Signature(
                            "a",
                            indication,
                            null,
                            "PAdES",
                            null,
                            null,
                            null,
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of())),
                    List.of(),
                    List.of(),
                    null));
            assertThat(page.contains("<h2>Valid</h2>")).isEqualTo(indication.equals("TOTAL_PASSED"));
        }
    }

    @Test
    void certificates_are_counted_by_what_is_valid() {
        var page = ExplanationPage.of(Explanation.ofCertificates(
                "now", List.of(certificate("PASSED"), certificate("INDETERMINATE"), certificate("FAILED"))));
        assertThat(page)
                .contains("<h1>Certificates</h1><p>1 of 3 valid at now</p>")
                .containsOnlyOnce("<h2>Valid</h2>")
                .containsOnlyOnce("<h2>Not valid</h2>");
    }

    private static Explanation.Certificate certificate(String indication) {
        return new Explanation.Certificate(
                indication,
                null,
                "CN=a",
                "CN=b",
                "1",
                "then",
                "now",
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null);
    }
}
