package org.countersign.agent.dialogs;

import java.io.DataOutputStream;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** By Swing, in a second Java that is there for one window. The text goes to it by its standard input. */
final class SwingDesktop implements Desktop {

    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    private final Program program;

    SwingDesktop(Program program) {
        this.program = program;
    }

    /** Whether this Java has what it needs: a runtime image may be without, and Debian's "headless" is. */
    static boolean isPresent(boolean linux) {
        return ModuleFinder.ofSystem().find("java.desktop").isPresent()
                && (!linux || Files.exists(JAVA_HOME.resolve("lib/libawt_xawt.so")));
    }

    @Override
    public boolean confirm(Window window) {
        return run("confirm", window).status() == SwingProgram.YES;
    }

    @Override
    public Optional<char[]> secret(Window window) {
        var ending = run("secret", window);
        var typed = ending.line();
        return ending.status() == SwingProgram.YES ? typed : Optional.empty();
    }

    private Program.Ending run(String kind, Window window) {
        var ending = run(program, kind, window.patience(), window);
        if (ending.status() == SwingProgram.NO_DESKTOP) {
            throw Program.none();
        }
        return ending;
    }

    /** The text on the clipboard. */
    static Optional<byte[]> clipboard(Program program, Duration patience) {
        var nothing = new Window(Window.Level.INFORMATION, Window.Position.STANDARD, "", "", "", "", patience);
        var ending = run(program, "clipboard", patience, nothing);
        return ending.status() == SwingProgram.YES ? ending.output() : Optional.empty();
    }

    private static Program.Ending run(Program program, String kind, Duration patience, Window window) {
        var command = List.of(
                JAVA_HOME.resolve("bin").resolve("java").toString(),
                "-Xmx64m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // What a crash would write may hold a PIN.
                "-XX:+SuppressFatalErrorMessage",
                "-XX:-CreateCoredumpOnCrash",
                "-Djava.awt.headless=false",
                "-cp",
                System.getProperty("java.class.path"),
                SwingProgram.class.getName(),
                kind);
        return program.run(command, patience, stream -> {
            var data = new DataOutputStream(stream);
            data.writeUTF(window.level().name());
            data.writeUTF(window.position().name());
            data.writeUTF(window.title());
            data.writeUTF(window.text());
            data.writeUTF(window.yes());
            data.writeUTF(window.no());
            data.writeLong(window.patience().toMillis());
            data.flush();
        });
    }
}
