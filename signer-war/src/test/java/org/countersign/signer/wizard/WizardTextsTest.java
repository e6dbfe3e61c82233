package org.countersign.signer.wizard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.countersign.server.console.ConsoleTextsRules;
import org.junit.jupiter.api.Test;

class WizardTextsTest extends ConsoleTextsRules {

    WizardTextsTest() {
        super(
                "",
                List.of(
                        "acts.js",
                        "calls.js",
                        "certificate.js",
                        "credentials.js",
                        "enrol.js",
                        "factors.js",
                        "files.js",
                        "forms.js",
                        "living.js",
                        "renewal.js",
                        "sign.js",
                        "validate.js",
                        "wizard.js"),
                List.of(
                        "act.",
                        "nav.",
                        "role.",
                        "detail.",
                        "event.",
                        "factor.",
                        "indication.",
                        "key.",
                        "pin.",
                        "reason.",
                        "sign.",
                        "status.",
                        "step.",
                        "validity."),
                elsewhere());
    }

    /** What the audit log has of holders, by the list that operators read; of applications and of moves a holder is shown nothing. */
    @Test
    void every_act_that_a_holders_history_may_have_has_words() throws IOException {
        var section = Files.readString(Path.of("../docs/operations.md")).split("\n## Audit log\n", 2)[1];
        var acts = Pattern.compile("`([a-z]+\\.[a-z-]+)`")
                .matcher(section.split("```", 2)[0])
                .results()
                .map(act -> act.group(1))
                .filter(act -> !act.matches("(client|token|tenant|group)\\..*"))
                .map(act -> "event." + act)
                .toList();
        assertThat(acts).hasSizeGreaterThan(30).contains("event.holder.signed-in");
        for (var language : List.of("en", "es")) {
            assertThat(words(language).keySet()).containsAll(acts);
        }
    }

    private static Set<String> elsewhere() {
        var elsewhere = new HashSet<>(words("common-en").keySet());
        // What the common scripts ask of each product.
        elsewhere.addAll(Set.of("product", "audit.example"));
        return elsewhere;
    }
}
