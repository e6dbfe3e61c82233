package org.countersign.cli.company;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportPropertiesCommandTest {

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1"})
    void bothEncodingsOfPropertiesAreRead(String encoding) throws IOException {
        var properties = ImportPropertiesCommand.properties(
                "password=gr\u00fc\u00df\nescaped=gr\\u00fc\u00df\n".getBytes(Charset.forName(encoding)));

        assertThat(properties).containsEntry("password", "gr\u00fc\u00df").containsEntry("escaped", "gr\u00fc\u00df");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFFpassword=secret"})
    void aMarkOfTheByteOrderIsNoPartOfTheFirstName(String content) throws IOException {
        assertThat(ImportPropertiesCommand.properties(content.getBytes(Charset.forName("UTF-8"))))
                .containsEntry("password", "secret");
    }
}
