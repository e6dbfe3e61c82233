package org.countersign.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real X server without a monitor, and a hand on its keyboard. */
public final class Screen implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Process server;
    private final Map<String, String> environment;

    private Screen(Process server, Map<String, String> environment) {
        this.server = server;
        this.environment = environment;
    }

    /** @param home a folder for what the programs write */
    public static Screen start(Path home) {
        Tools.require("Xvfb", "xdotool");
        try {
            // When its last window goes the server would start anew, and refuse who comes in that moment.
            var server = new ProcessBuilder(
                            "Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var number = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return new Screen(
                    server,
                    Map.of(
                            "DISPLAY", ":" + number,
                            "PATH", System.getenv("PATH"),
                            "HOME", home.toString(),
                            "XDG_RUNTIME_DIR", home.toString()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What a program needs to find this screen. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Waits for a window whose title matches. */
    public String window(String title) {
        for (long end = end(); System.nanoTime() < end; pause()) {
            var found = output("xdotool", "search", "--onlyvisible", "--name", title);
            if (!found.isEmpty()) {
                return found.lines().reduce("", (first, last) -> last);
            }
        }
        throw new AssertionError("No window " + title);
    }

    public boolean hasWindow(String title) {
        return !output("xdotool", "search", "--onlyvisible", "--name", title).isEmpty();
    }

    /** Width and height, once they do not change any more. */
    public String size(String window) {
        var before = "";
        for (long end = end(); System.nanoTime() < end; pause()) {
            var now = output("xdotool", "getwindowgeometry", "--shell", window)
                    .lines()
                    .filter(line -> line.startsWith("WIDTH") || line.startsWith("HEIGHT"))
                    .toList()
                    .toString();
            if (!now.equals("[]") && now.equals(before)) {
                return now;
            }
            before = now;
        }
        throw new AssertionError("The window has no size");
    }

    /** Left and top. */
    public String place(String window) {
        size(window);
        return output("xdotool", "getwindowgeometry", "--shell", window)
                .lines()
                .filter(line -> line.startsWith("X=") || line.startsWith("Y="))
                .toList()
                .toString();
    }

    /** Waits for a window and presses keys in it, by the names of X; the last again until the window is gone. */
    public void press(String title, String... keys) {
        type(title, "", keys);
    }

    /** Likewise, after a text. */
    public void type(String title, String text, String... keys) {
        var window = window(title);
        size(window);
        // Swing and Qt take the keyboard themselves; what there is no window manager for, GTK does not.
        if (output("xdotool", "getwindowfocus").isEmpty()) {
            output("xdotool", "windowfocus", window);
        }
        pause();
        if (!text.isEmpty()) {
            output("xdotool", "type", "--delay", "50", text);
        }
        var command = new ArrayList<>(List.of("xdotool", "key", "--delay", "200"));
        command.addAll(List.of(keys));
        output(command.toArray(String[]::new));
        // In its first moment a window takes no yes.
        for (long end = end(); System.nanoTime() < end && isThere(window); pause()) {
            output("xdotool", "key", keys[keys.length - 1]);
        }
    }

    private boolean isThere(String window) {
        pause();
        return !output("xdotool", "getwindowname", window).isEmpty();
    }

    /** Puts a text on the clipboard, as a browser does. */
    public void copy(String text) {
        try {
            var builder = new ProcessBuilder("xclip", "-selection", "clipboard", "-in")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment);
            var xclip = builder.start();
            try (var input = xclip.getOutputStream()) {
                input.write(text.getBytes(StandardCharsets.UTF_8));
            }
            // It goes on in the background, and ends with the screen.
            xclip.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private String output(String... command) {
        try {
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment);
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? output : "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static long end() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(300);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    @Override
    public void close() {
        server.destroy();
    }
}
