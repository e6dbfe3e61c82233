package org.countersign.agent.dialogs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** By GNOME's zenity, 3 and 4. It has no level and no position for its windows. */
final class ZenityDesktop implements Desktop {

    private static final String WIDTH = "480";

    private final Path zenity;
    private final Program program;

    ZenityDesktop(Path zenity, Program program) {
        this.zenity = zenity;
        this.program = program;
    }

    @Override
    public boolean confirm(Window window) {
        var command = command("--question", window, escaped(window.text()));
        command.add("--no-markup");
        command.add("--default-cancel");
        return program.run(command, window.patience(), stream -> {}).status() == 0;
    }

    @Override
    public Optional<char[]> secret(Window window) {
        // A label of this kind underlines what follows an underscore.
        var command = command("--entry", window, escaped(window.text()).replace("_", "__"));
        command.add("--hide-text");
        var ending = program.run(command, window.patience(), stream -> {});
        var typed = ending.line();
        return ending.status() == 0 ? typed : Optional.empty();
    }

    private List<String> command(String kind, Window window, String text) {
        return new ArrayList<>(List.of(
                zenity.toString(),
                kind,
                "--title=" + window.title(),
                "--text=" + text,
                "--ok-label=" + window.yes(),
                "--cancel-label=" + window.no(),
                "--width=" + WIDTH));
    }

    /** It reads {@code \n} and the like in a text as C does. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\");
    }
}
