package org.countersign.agent.dialogs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** The text on the desktop's clipboard. */
@FunctionalInterface
public interface Clipboard {

    /** How long a program may take to read it. */
    Duration PATIENCE = Duration.ofSeconds(10);

    /** UTF-8; nothing when it is empty, no text, or longer than 4 KiB. */
    Optional<byte[]> read();

    /** @param environment the agent's, which says where the desktop is */
    static Clipboard of(Map<String, String> environment) {
        var program = new Program(environment);
        return () -> choose(program, Desktops.isLinux()).read();
    }

    private static Clipboard choose(Program program, boolean linux) {
        if (linux && program.has("WAYLAND_DISPLAY")) {
            var paste = program.find("wl-paste");
            if (paste.isPresent()) {
                return of(program, List.of(paste.get().toString(), "--no-newline", "--type", "text"));
            }
        }
        if (linux && program.has("DISPLAY")) {
            var xclip = program.find("xclip");
            if (xclip.isPresent()) {
                return xclip(program, xclip.get().toString());
            }
        }
        if ((!linux || program.has("DISPLAY")) && SwingDesktop.isPresent(linux)) {
            return () -> SwingDesktop.clipboard(program, PATIENCE);
        }
        return () -> {
            throw new ProtocolException(AgentError.NO_DESKTOP, "The agent has no clipboard to read");
        };
    }

    private static Clipboard xclip(Program program, String xclip) {
        return of(program, List.of(xclip, "-selection", "clipboard", "-target", "UTF8_STRING", "-out"));
    }

    private static Clipboard of(Program program, List<String> command) {
        return () -> {
            var ending = program.run(command, PATIENCE, stream -> {});
            return ending.status() == 0 ? ending.output().filter(bytes -> bytes.length > 0) : Optional.empty();
        };
    }
}
