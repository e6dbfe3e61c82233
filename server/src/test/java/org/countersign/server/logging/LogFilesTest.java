package org.countersign.server.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.configuration.JsonConfiguration;
import org.countersign.core.configuration.Problems;
import org.countersign.server.tenancy.ContextName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // files are open while a block runs that does not name them
class LogFilesTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
    private static final ContextName CONTEXT = new ContextName("signer-acme");
    private static final System.Logger HERE = ContextLogger.of(LogFilesTest.class);
    private static final System.Logger ELSEWHERE = ContextLogger.of(Problems.class);

    private final Problems problems = new Problems();

    @TempDir
    Path folder;

    private List<LoggerSettings> read(String loggers) throws IOException {
        return read(loggers, CONTEXT);
    }

    private List<LoggerSettings> read(String loggers, ContextName context) throws IOException {
        var path = Files.writeString(folder.resolve("signer-acme.json"), "{\"loggersConfig\": " + loggers + "}");
        var file = JsonConfiguration.read(path, problems);
        var read = LoggerSettings.read(file, path, context, true);
        file.refuseUnknownKeys();
        return read;
    }

    private String log(String name) throws IOException {
        return Files.readString(folder.resolve("log/signer-acme").resolve(name));
    }

    @Test
    void each_entry_takes_what_its_category_says_from_its_level_on() throws IOException {
        var settings = read("""
                [{"name": "org.countersign", "fileName": "all.log", "level": "DEBUG"},
                 {"name": "org.countersign.server.logging", "fileName": "here.log", "level": "error"},
                 {"name": "org.countersign.server.log", "fileName": "similar.log", "level": "ALL"},
                 {"name": "org.countersign.core", "fileName": "off.log", "level": "OFF"},
                 {"name": "org.countersign.core", "fileName": "default.log"}]
                """);
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings()).isEmpty();
        try (var files = LogFiles.open(settings, NOON)) {
            assertThat(files).isSameAs(LogFiles.current());
            assertThat(HERE.isLoggable(Level.DEBUG)).isTrue();
            assertThat(HERE.isLoggable(Level.TRACE)).isFalse();
            HERE.log(Level.TRACE, "too detailed");
            HERE.log(Level.DEBUG, "detailed");
            HERE.log(Level.ERROR, "serious");
            ELSEWHERE.log(Level.DEBUG, () -> "detailed elsewhere");
            ELSEWHERE.log(Level.WARNING, "{0} is not {1}", "this", "that");
        }
        var thread = " [" + Thread.currentThread().getName() + "] ";
        var here = "org.countersign.server.logging.LogFilesTest: ";
        var elsewhere = "org.countersign.core.configuration.Problems: ";
        assertThat(log("all.log"))
                .isEqualTo("2026-01-31T12:00:00.000Z DEBUG" + thread + here + "detailed\n"
                        + "2026-01-31T12:00:00.000Z ERROR" + thread + here + "serious\n"
                        + "2026-01-31T12:00:00.000Z DEBUG" + thread + elsewhere + "detailed elsewhere\n"
                        + "2026-01-31T12:00:00.000Z WARN " + thread + elsewhere + "this is not that\n");
        assertThat(log("here.log")).isEqualTo("2026-01-31T12:00:00.000Z ERROR" + thread + here + "serious\n");
        assertThat(log("default.log"))
                .isEqualTo("2026-01-31T12:00:00.000Z WARN " + thread + elsewhere + "this is not that\n");
        assertThat(log("similar.log")).isEmpty();
        assertThat(log("off.log")).isEmpty();
    }

    @Test
    void a_file_of_two_entries_has_each_line_once() throws IOException {
        var settings = read("""
                [{"name": "org.countersign", "fileName": "one.log", "level": "WARN"},
                 {"name": "org.countersign.server", "fileName": "one.log", "level": "INFO"}]
                """);
        try (var files = LogFiles.open(settings, NOON)) {
            HERE.log(Level.WARNING, "once");
            HERE.log(Level.INFO, "by the second entry");
            ELSEWHERE.log(Level.INFO, "by none");
        }
        assertThat(log("one.log").lines().map(line -> line.replaceAll(".*: ", "")))
                .containsExactly("once", "by the second entry");
    }

    @Test
    void only_an_entry_begins_with_a_time() throws IOException {
        try (var files = LogFiles.open(read("[{\"name\": \"org.countersign\", \"fileName\": \"a.log\"}]"), NOON)) {
            HERE.log(Level.WARNING, "first\r\n2026-01-31T12:00:00.000Z ERROR forged", new IOException("why"));
        }
        var lines = log("a.log").lines().toList();
        assertThat(lines.get(1)).isEqualTo("    2026-01-31T12:00:00.000Z ERROR forged");
        assertThat(lines.get(2)).isEqualTo("    java.io.IOException: why");
        assertThat(lines.stream().skip(1)).allMatch(line -> line.startsWith("    "));
    }

    @Test
    void a_closed_file_takes_nothing_and_is_free_for_the_next_context_that_appends() throws IOException {
        var settings = read("[{\"name\": \"org.countersign\", \"fileName\": \"a.log\"}]");
        var first = LogFiles.open(settings, NOON);
        HERE.log(Level.INFO, "one");
        first.close();
        HERE.log(Level.INFO, "to nobody");
        try (var second = LogFiles.open(settings, NOON)) {
            HERE.log(Level.INFO, "two");
        }
        assertThat(log("a.log").lines().map(line -> line.replaceAll(".*: ", "")))
                .containsExactly("one", "two");
    }

    @Test
    void a_full_file_is_put_aside_and_the_oldest_deleted() throws IOException {
        var path = folder.resolve("small.log");
        var settings = List.of(new LoggerSettings("org.countersign", path, Level.INFO, new LogFile.Limits(1_000, 2)));
        try (var files = LogFiles.open(settings, NOON)) {
            IntStream.range(0, 40).forEach(number -> HERE.log(Level.INFO, "entry " + number));
            HERE.log(Level.INFO, "larger than a file may be: " + "x".repeat(2_000));
            HERE.log(Level.INFO, "last");
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("small.log", "small.log.1", "small.log.2");
        assertThat(Files.readString(path)).endsWith(": last\n").doesNotContain("larger");
        assertThat(Files.readString(folder.resolve("small.log.1")))
                .contains("larger")
                .doesNotContain("entry");
        assertThat(Files.readString(folder.resolve("small.log.2")))
                .contains("entry 39")
                .hasSizeLessThan(1_001);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void a_file_that_can_not_be_put_aside_grows_on() throws IOException {
        // A folder that is not empty stands where the former file should go.
        Files.createDirectories(folder.resolve("small.log.1/occupied"));
        var path = folder.resolve("small.log");
        var settings = List.of(new LoggerSettings("org.countersign", path, Level.INFO, new LogFile.Limits(100, 1)));
        try (var files = LogFiles.open(settings, NOON)) {
            IntStream.range(0, 20).forEach(number -> HERE.log(Level.INFO, "entry " + number + "."));
        }
        assertThat(Files.readAllLines(path)).hasSize(20);
    }

    @Test
    void an_interrupted_thread_writes_like_any_other() throws IOException {
        var path = folder.resolve("small.log");
        var settings = List.of(new LoggerSettings("org.countersign", path, Level.INFO, new LogFile.Limits(150, 5)));
        try (var files = LogFiles.open(settings, NOON)) {
            Thread.currentThread().interrupt();
            HERE.log(Level.INFO, "interrupted");
            HERE.log(Level.INFO, "x".repeat(100));
            assertThat(Thread.interrupted()).isTrue();
            HERE.log(Level.INFO, "not any more");
        }
        assertThat(Files.readString(folder.resolve("small.log.2"))).contains("interrupted");
        assertThat(Files.readString(folder.resolve("small.log.1"))).contains("xxx");
        assertThat(Files.readString(path)).contains("not any more");
    }

    @Test
    void the_former_products_categories_are_replaced_by_name() throws IOException {
        var settings = read("""
                [{"name": "com.certisur.common", "fileName": "a.log", "level": "DEBUG"},
                 {"name": "com.certisur.alison.server.rest", "fileName": "b.log", "level": "DEBUG"},
                 {"name": "org.hibernate", "fileName": "c.log", "level": "DEBUG"}]
                """);
        assertThat(settings.stream().map(LoggerSettings::category))
                .containsExactly("org.countersign.server", "org.countersign.signer", "org.hibernate");
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings()).hasSize(3);
        assertThat(problems.warnings().get(0))
                .isEqualTo("loggersConfig[0].name: com.certisur.common was a category of the former product;"
                        + " org.countersign.server replaces it and is written to this file");
        assertThat(problems.warnings().get(1)).contains("org.countersign.signer replaces it");
        assertThat(problems.warnings().get(2)).startsWith("loggersConfig[2].name: is no category of this product");
    }

    @Test
    void what_can_not_be_written_is_an_error_before_anything_starts() throws IOException {
        Files.writeString(folder.resolve("occupied"), "a file");
        Files.createDirectories(folder.resolve("log/signer-acme/folder"));
        read("""
                [{"name": "org.countersign", "fileName": "../../occupied/a.log"},
                 {"name": "org.countersign", "fileName": "folder"},
                 {"name": "org.countersign", "fileName": "a\\u0000b"},
                 {"name": "org.countersign", "fileName": "/proc/countersign/a.log"},
                 {"name": "org.countersign", "fileName": "/proc/self/a.log"},
                 {"name": "org.countersign", "level": "VERBOSE"},
                 {"fileName": "b.log", "maxSizeInMiB": 0, "keptFiles": 101, "filename": "c.log"},
                 {"name": "org.countersign", "fileName": "d.log"},
                 {"name": "org.countersign", "fileName": "d.log", "keptFiles": 1}]
                """);
        assertThat(problems.errors())
                .containsExactly(
                        "loggersConfig[0].fileName: must be in a folder, and what should be it is a file",
                        "loggersConfig[1].fileName: must be a file, and is a folder",
                        "loggersConfig[2].fileName: must be the name of a file",
                        "loggersConfig[3].fileName: must be in a folder that exists or that the server may make",
                        "loggersConfig[4].fileName: must be a file that the server may write",
                        "loggersConfig[5].fileName: is required",
                        "loggersConfig[5].level: must be one of ALL, TRACE, DEBUG, INFO, WARN, ERROR, OFF",
                        "loggersConfig[6].name: is required",
                        "loggersConfig[6].maxSizeInMiB: must be a whole number from 1 to 1024",
                        "loggersConfig[6].keptFiles: must be a whole number from 0 to 100",
                        "loggersConfig[6].filename: is not known; did you mean fileName? (known here: name, fileName,"
                                + " level, maxSizeInMiB, keptFiles)",
                        "loggersConfig[8].fileName: is the file of an earlier entry, with another maxSizeInMiB or"
                                + " keptFiles");
    }

    @Test
    void a_file_is_one_contexts_alone() throws IOException {
        var absolute = "[{\"name\": \"org.countersign\", \"fileName\": \"" + folder + "/shared.log\"}]";
        var settings = read(absolute);
        try (var files = LogFiles.open(settings, NOON)) {
            read(absolute, new ContextName("signer-globex"));
            assertThat(problems.errors())
                    .containsExactly("loggersConfig[0].fileName: is written by another context; relative names, and"
                            + " $CONTEXT_NAME in others, avoid that");
            assertThatThrownBy(() -> LogFiles.open(settings, NOON))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("is written by another context");
        }
        assertThat(read(
                                "[{\"name\": \"org.countersign\", \"fileName\": \"" + folder + "/$CONTEXT_NAME.log\"}]",
                                new ContextName("signer-globex--015"))
                        .get(0)
                        .file())
                .isEqualTo(folder.resolve("signer-globex--015.log"));
    }
}
