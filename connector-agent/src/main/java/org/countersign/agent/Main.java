package org.countersign.agent;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.logs.LogFiles;
import org.countersign.agent.settings.Setting;
import org.countersign.agent.settings.SettingsReader;
import org.countersign.core.configuration.ConfigurationException;

/** {@code java -jar connector-agent.jar [--show-settings | --version] [--key=value …]}. */
public final class Main {

    private static final int MOST_LOG_MEGABYTES = 1_000;
    private static final int MOST_LOG_FILES = 100;

    private static final String SHOW = "--show-settings";

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        int status = run(new ArrayList<>(List.of(arguments)), System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException {
        if (arguments.contains("--version")) {
            out.println(Information.version());
            return 0;
        }
        boolean show = arguments.removeIf(SHOW::equals);
        var settings = new SettingsReader(System.getenv(), usualFolder()).read(arguments);
        try {
            if (show) {
                out.print(settings.show());
                settings.problems().throwIfAny("the settings");
                return 0;
            }
            int megabytes = settings.number(Setting.LOG_MEGABYTES, 1, MOST_LOG_MEGABYTES);
            int files = settings.number(Setting.LOG_FILES, 1, MOST_LOG_FILES);
            settings.problems().throwIfAny("the settings");
            var logs = PrivateFolder.open(Path.of(settings.text(Setting.DATA))).folder("logs");
            LogFiles.open(logs, megabytes, files);
            try (var agent = Agent.start(settings)) {
                out.println("Countersign agent " + Information.version() + ": https://localhost:" + agent.httpsPort()
                        + (agent.httpPort().isPresent()
                                ? ", http://localhost:" + agent.httpPort().getAsInt()
                                : "")
                        + "; data in " + settings.text(Setting.DATA));
                Thread.currentThread().join();
            }
            return 0;
        } catch (ConfigurationException | UncheckedIOException wrong) {
            err.println(wrong.getMessage());
            return 1;
        }
    }

    /** Where programs keep their data for this user, by the custom of the system. */
    private static Path usualFolder() {
        var home = System.getProperty("user.home");
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        Map<String, String> environment = System.getenv();
        if (system.startsWith("windows")) {
            return Path.of(environment.getOrDefault("LOCALAPPDATA", home), "Countersign", "Agent");
        }
        if (system.startsWith("mac")) {
            return Path.of(home, "Library", "Application Support", "Countersign Agent");
        }
        var data = environment.get("XDG_DATA_HOME");
        return data == null || data.isEmpty()
                ? Path.of(home, ".local", "share", "countersign-agent")
                : Path.of(data, "countersign-agent");
    }
}
