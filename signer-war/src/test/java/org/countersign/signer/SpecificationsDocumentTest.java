package org.countersign.signer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SpecificationsDocumentTest {

    @Test
    void every_class_and_test_that_the_document_names_exists() throws IOException {
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("countersign"))) {
            root = root.getParent();
        }
        var main = classes(root, "main");
        var tests = classes(root, "test");
        var missing = new ArrayList<String>();
        int rows = 0;
        for (var line : Files.readAllLines(root.resolve("docs/specifications.md"))) {
            var cells = line.split(" \\| ");
            if (!line.startsWith("| ") || cells.length != 3 || line.startsWith("| Clause")) {
                continue;
            }
            rows++;
            missing.addAll(notIn(main, cells[1]));
            missing.addAll(notIn(tests, cells[2]));
        }
        assertThat(rows).isGreaterThan(20);
        assertThat(missing).isEmpty();
    }

    private static Set<String> notIn(Set<String> existing, String cell) {
        var missing = new HashSet<String>();
        var names = Pattern.compile("`([A-Z]\\w+)`").matcher(cell);
        while (names.find()) {
            if (!existing.contains(names.group(1))) {
                missing.add(names.group(1));
            }
        }
        return missing;
    }

    private static Set<String> classes(Path root, String kind) throws IOException {
        var names = new HashSet<String>();
        try (var modules = Files.newDirectoryStream(root, module -> Files.isDirectory(module.resolve("src")))) {
            for (var module : modules) {
                var sources = module.resolve("src").resolve(kind);
                if (Files.isDirectory(sources)) {
                    try (var files = Files.walk(sources)) {
                        files.map(file -> file.getFileName().toString())
                                .filter(file -> file.endsWith(".java"))
                                .forEach(file -> names.add(file.substring(0, file.length() - 5)));
                    }
                }
            }
        }
        return names;
    }
}
