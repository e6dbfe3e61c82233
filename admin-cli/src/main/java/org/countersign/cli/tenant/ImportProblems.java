package org.countersign.cli.tenant;

import java.util.ArrayList;
import java.util.List;

/** What stands in the way of an import, in the words for the user, collected so that all of it is told at once. */
final class ImportProblems {

    private static final int MOST_SHOWN = 20;

    private final List<String> shown = new ArrayList<>();
    private int count;

    void add(String problem) {
        count++;
        if (shown.size() < MOST_SHOWN) {
            shown.add(problem);
        }
    }

    /** @throws TenantImport.Unfit when there was one */
    void throwIfAny() {
        if (count > 0) {
            var all = new ArrayList<>(shown);
            if (count > shown.size()) {
                all.add("… and " + (count - shown.size()) + " more");
            }
            throw new TenantImport.Unfit(all);
        }
    }
}
