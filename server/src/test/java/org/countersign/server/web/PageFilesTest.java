package org.countersign.server.web;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageFilesTest {

    @Test
    void a_name_stands_in_one_folder() {
        var names = Map.of("console-common", List.of("page.js", "api.js"), "console", List.of("users.js", "api.js"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PageFiles("console", names, Map.of()))
                .withMessage("Two files of a page are called api.js");
    }
}
