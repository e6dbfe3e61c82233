package org.countersign.server.console;

import java.util.List;
import java.util.Set;

class CommonTextsTest extends ConsoleTextsRules {

    CommonTextsTest() {
        super(
                "common-",
                List.of("api.js", "audit.js", "page.js", "shell.js", "texts.js"),
                List.of("nav.", "role.", "error."),
                // What a product says of itself.
                Set.of("product", "audit.example"));
    }
}
