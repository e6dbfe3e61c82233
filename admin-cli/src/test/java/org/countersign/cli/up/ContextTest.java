package org.countersign.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ContextTest {

    @Test
    void aPathSurvivesThePropertiesFile() throws IOException {
        var path = "/home/jürgen/a b\\c/$CONTEXT_NAME.json";
        var properties = new Properties();
        properties.load(new StringReader("configuration.fileName=" + Context.escaped(path)));
        assertThat(properties.getProperty("configuration.fileName")).isEqualTo(path);
    }
}
