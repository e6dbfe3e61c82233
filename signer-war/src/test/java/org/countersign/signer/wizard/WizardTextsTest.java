package org.countersign.signer.wizard;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.countersign.server.console.ConsoleTextsRules;

class WizardTextsTest extends ConsoleTextsRules {

    WizardTextsTest() {
        super(
                "",
                List.of("calls.js", "credentials.js", "enrol.js", "files.js", "sign.js", "validate.js", "wizard.js"),
                List.of(
                        "nav.",
                        "role.",
                        "event.",
                        "factor.",
                        "indication.",
                        "key.",
                        "pin.",
                        "sign.",
                        "status.",
                        "step."),
                elsewhere());
    }

    private static Set<String> elsewhere() {
        var elsewhere = new HashSet<>(words("common-en").keySet());
        // What the common scripts ask of each product.
        elsewhere.addAll(Set.of("product", "audit.example"));
        return elsewhere;
    }
}
