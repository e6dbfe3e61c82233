package org.countersign.cli.tenant;

import java.time.Duration;
import org.countersign.cli.terminal.Terminal;

/** Shows how many credentials a command has gone through. */
final class CountedCredentials {

    private static final int STEP = 50;

    private final String doing;
    private final Terminal terminal;
    private final long start = System.nanoTime();

    /** @param doing such as {@code Exporting} */
    CountedCredentials(String doing, Terminal terminal) {
        this.doing = doing;
        this.terminal = terminal;
    }

    void show(int count) {
        if (count % STEP == 0) {
            terminal.progress(doing + ", credentials: " + count, Duration.ofNanos(System.nanoTime() - start));
        }
    }
}
