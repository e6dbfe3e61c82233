package org.countersign.agent.dialogs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** By KDE's kdialog. It has no position for its windows, and two levels. */
final class KdialogDesktop implements Desktop {

    private final Path kdialog;
    private final Program program;

    KdialogDesktop(Path kdialog, Program program) {
        this.kdialog = kdialog;
        this.program = program;
    }

    @Override
    public boolean confirm(Window window) {
        boolean serious = window.level() == Window.Level.WARNING || window.level() == Window.Level.ERROR;
        var command = command(window);
        command.addAll(List.of("--yes-label", window.yes(), "--no-label", window.no()));
        command.addAll(List.of(serious ? "--warningyesno" : "--yesno", escaped(window.text())));
        return program.run(command, window.patience(), stream -> {}).status() == 0;
    }

    @Override
    public Optional<char[]> secret(Window window) {
        var command = command(window);
        command.addAll(List.of("--password", escaped(window.text())));
        var ending = program.run(command, window.patience(), stream -> {});
        var typed = ending.line();
        return ending.status() == 0 ? typed : Optional.empty();
    }

    private List<String> command(Window window) {
        return new ArrayList<>(List.of(kdialog.toString(), "--title", window.title()));
    }

    /** Qt guesses whether a text is markup; so all of it is, with nothing of it left as such. */
    private static String escaped(String text) {
        return "<qt>"
                + text.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;")
                        .replace("\\", "&#92;")
                        .replace("\n", "<br>")
                + "</qt>";
    }
}
