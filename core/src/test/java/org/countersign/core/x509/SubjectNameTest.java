package org.countersign.core.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SubjectNameTest {

    static Stream<String> malformed() {
        return Stream.of(
                "",
                " ",
                "Jane Doe",
                "CN",
                "=x",
                "CN=",
                "CN=a,",
                "CN=a\nO=b",
                "CN=" + "x".repeat(1_100),
                "CN=a,FOO=b",
                "CN=a;O=b",
                "CN=\"a\"",
                "CN=#04024869",
                "CN=a\\",
                "CN=a\\x",
                ",CN=a",
                "CN= a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CN=Jane Doe,O=ACME,C=DE|CN=Jane Doe,O=ACME,C=DE",
                "CN=Jane Doe, O=ACME|CN=Jane Doe,O=ACME",
                "CN=Doe\\, Jane|CN=Doe\\, Jane",
                "CN=Jane+UID=7,DC=example|CN=Jane+UID=7,DC=example",
                "CN=Jörg|CN=Jörg",
                "2.5.4.3=Jane|CN=Jane"
            })
    void a_name_of_rfc_4514_is_read(String subject, String expected) {
        assertThat(SubjectName.parse(subject).getName()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void anything_else_is_refused(String subject) {
        assertThatThrownBy(() -> SubjectName.parse(subject))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("subject is");
    }

    @Test
    void a_common_name_is_taken_as_it_is() {
        for (var name : new String[] {"#jdoe@acme", "#04024869", "a+b=c,d@acme", "j\u00f6rg@acme"}) {
            var told = SubjectName.ofCommonName(name).getName(X500Principal.RFC2253);
            assertThat(SubjectName.parse(told)).as(name).isEqualTo(SubjectName.ofCommonName(name));
        }
    }
}
