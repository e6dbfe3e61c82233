package org.countersign.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The rules of axe-core, which judge what a browser shows. Needs Node.js and npm. */
public final class Accessibility {

    private final Browser browser;
    private final String axe;

    private Accessibility(Browser browser, String axe) {
        this.browser = browser;
        this.axe = axe;
    }

    /** @param folder an empty one, to install it in */
    public static Accessibility of(Browser browser, Path folder) throws IOException, InterruptedException {
        return new Accessibility(browser, NodePackage.install("axe", folder).run(Map.of()));
    }

    /** @param where what is shown, for the report */
    public void check(String where) {
        browser.run("if (!window.axe) { " + axe + " }");
        var found = browser.run("""
                const {violations} = await axe.run(document);
                return violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' | ')).join('; ');
                """);
        assertThat(found).as(where).isEqualTo("");
    }
}
