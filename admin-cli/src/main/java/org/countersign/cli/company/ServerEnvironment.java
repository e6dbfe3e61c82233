package org.countersign.cli.company;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.cli.process.PrivateFile;
import org.countersign.cli.terminal.Refusal;

/** The environment that the application server has: this process's own and, over it, a file's. */
final class ServerEnvironment {

    private ServerEnvironment() {}

    /**
     * @param file lines {@code NAME=value} as systemd's {@code EnvironmentFile} has them: {@code #} begins a comment line,
     *     a value may stand in quotes; null for none
     * @throws Refusal when others may read the file, or a line is of another form; no value is quoted
     */
    static Map<String, String> read(Map<String, String> own, Path file) throws IOException {
        var environment = new LinkedHashMap<>(own);
        if (file != null) {
            PrivateFile.refuseReadableByOthers(file);
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                var text = line.strip();
                if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
                    continue;
                }
                int equals = text.indexOf('=');
                if (equals < 1) {
                    throw Refusal.failed(file + ", line " + number + ": expected NAME=value.");
                }
                environment.put(
                        text.substring(0, equals).strip(),
                        unquoted(text.substring(equals + 1).strip()));
            }
        }
        return Map.copyOf(environment);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
