package org.countersign.wallet.console;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.countersign.server.console.ConsoleTextsRules;

class ConsoleTextsTest extends ConsoleTextsRules {

    ConsoleTextsTest() {
        super(
                "",
                List.of("console.js", "organisations.js", "users.js"),
                List.of("nav.", "user.state.", "level."),
                elsewhere());
    }

    private static Set<String> elsewhere() {
        var elsewhere = new HashSet<>(words("common-en").keySet());
        // What the common scripts ask of each product.
        elsewhere.addAll(Set.of("product", "audit.example"));
        return elsewhere;
    }
}
