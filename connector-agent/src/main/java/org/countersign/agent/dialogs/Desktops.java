package org.countersign.agent.dialogs;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which of the desktop's programs there is. Looked for at each window: a desktop may come after the agent. */
final class Desktops {

    static final List<String> CHOICES = List.of("auto", "swing", "zenity", "kdialog", "off");

    private Desktops() {}

    static boolean isLinux() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
    }

    /** @param choice one of {@link #CHOICES} */
    static Optional<Desktop> find(String choice, Map<String, String> environment) {
        var program = new Program(environment);
        boolean linux = isLinux();
        boolean any = "auto".equals(choice);
        if ((any || "swing".equals(choice)) && (!linux || program.has("DISPLAY")) && SwingDesktop.isPresent(linux)) {
            return Optional.of(new SwingDesktop(program));
        }
        boolean display = linux && (program.has("DISPLAY") || program.has("WAYLAND_DISPLAY"));
        if (display && (any || "zenity".equals(choice))) {
            var zenity = program.find("zenity");
            if (zenity.isPresent()) {
                return Optional.of(new ZenityDesktop(zenity.get(), program));
            }
        }
        if (display && (any || "kdialog".equals(choice))) {
            return program.find("kdialog").map(path -> new KdialogDesktop(path, program));
        }
        return Optional.empty();
    }
}
