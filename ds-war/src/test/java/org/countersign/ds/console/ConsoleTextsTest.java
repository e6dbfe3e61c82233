package org.countersign.ds.console;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.countersign.server.console.ConsoleTextsRules;

class ConsoleTextsTest extends ConsoleTextsRules {

    ConsoleTextsTest() {
        super(
                "",
                List.of("applications.js", "console.js", "devices.js", "releases.js"),
                List.of("nav.", "device.", "key."),
                elsewhere());
    }

    private static Set<String> elsewhere() {
        var elsewhere = new HashSet<>(words("common-en").keySet());
        // What the common scripts ask of each product.
        elsewhere.addAll(Set.of("product", "audit.example"));
        return elsewhere;
    }
}
