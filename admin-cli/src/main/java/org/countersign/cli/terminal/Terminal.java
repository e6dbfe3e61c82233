package org.countersign.cli.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Writes lines and progress. On a terminal progress is one line that rewrites itself; in a pipe or a log it is a new
 * line every ten seconds. Safe for use by several threads.
 */
public final class Terminal {

    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Pattern PROGRESS = Pattern.compile(".* … \\d+ s");
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean interactive;
    private boolean progressShown;
    private long lastProgress;

    /** @param interactive whether {@code out} is a terminal that understands "rewrite this line" */
    public Terminal(PrintStream out, boolean interactive) {
        this.out = out;
        this.interactive = interactive;
        this.lastProgress = System.nanoTime();
    }

    /** Standard output; the shell script says whether it is a terminal, which Java 17 alone can not tell. */
    public static Terminal standard() {
        return new Terminal(System.out, Boolean.getBoolean("countersign.tty"));
    }

    public boolean isInteractive() {
        return interactive;
    }

    public synchronized void say(String text) {
        clearProgress();
        out.println(text);
        out.flush();
    }

    /** Shows how long something has been going on; call it as often as convenient. */
    public synchronized void progress(String what, Duration since) {
        var text = what + " … " + since.toSeconds() + " s";
        if (interactive) {
            out.print(CLEAR_LINE + text);
            progressShown = true;
        } else if (System.nanoTime() - lastProgress > QUIET_NANOS) {
            out.println(text);
            lastProgress = System.nanoTime();
        }
        out.flush();
    }

    /** Whether a line that this class wrote into a log was progress. */
    public static boolean isProgress(String line) {
        return PROGRESS.matcher(line).matches();
    }

    private void clearProgress() {
        if (progressShown) {
            out.print(CLEAR_LINE);
            progressShown = false;
        }
        lastProgress = System.nanoTime();
    }
}
