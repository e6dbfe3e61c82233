package org.countersign.systemtests.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code countersign benchmark-documents} measures.
 *
 * @param kilobytes of the documents
 * @param pages of the documents
 * @param clients at once, each with a credential of its own
 * @param levels of the signatures
 * @param seconds after which no further document is begun
 * @param repeats of the whole series
 * @param heap the server's at most, in MiB
 */
record DocumentsOptions(
        List<Integer> kilobytes,
        List<Integer> pages,
        List<Integer> clients,
        List<String> levels,
        int seconds,
        int repeats,
        int heap) {

    static final String HELP = """
            Usage: countersign benchmark-documents [OPTIONS]
            Measures PDFs that are signed and judged. Starts a server and a database of its own in a temporary folder, stops
            and removes both.

              --kilobytes A,B   of the documents, default 100,10000
              --pages A,B       of the documents, default 1
              --clients A,B     at once, default 1,8
              --levels A,B      of B-B, B-T; default both
              --seconds N       after which no further document is begun, default 5
              --repeats N       how often all of it is measured, default 3
              --heap N          of the server at most, in MiB, default 512
            """;

    private static final List<String> NAMES =
            List.of("--kilobytes", "--pages", "--clients", "--levels", "--seconds", "--repeats", "--heap");
    private static final List<String> LEVELS = List.of("B-B", "B-T");

    DocumentsOptions {
        kilobytes = List.copyOf(kilobytes);
        pages = List.copyOf(pages);
        clients = List.copyOf(clients);
        levels = List.copyOf(levels);
    }

    /** @throws IllegalArgumentException with a message for the user */
    static DocumentsOptions parse(String... arguments) {
        var kilobytes = List.of(100, 10_000);
        var pages = List.of(1);
        var clients = List.of(1, 8);
        var levels = LEVELS;
        int seconds = 5;
        int repeats = 3;
        int heap = 512;
        var rest = new ArrayList<>(List.of(arguments));
        while (!rest.isEmpty()) {
            var name = rest.remove(0);
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("Unknown option: " + name);
            }
            if (rest.isEmpty()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            var value = rest.remove(0);
            switch (name) {
                case "--kilobytes" -> kilobytes = numbers(name, value, 1_000_000);
                case "--pages" -> pages = numbers(name, value, 100_000);
                case "--clients" -> clients = numbers(name, value, 32);
                case "--levels" -> levels = levels(value);
                case "--seconds" -> seconds = number(name, value, 600);
                case "--repeats" -> repeats = number(name, value, 1_000);
                default -> heap = number(name, value, 100_000);
            }
        }
        return new DocumentsOptions(kilobytes, pages, clients, levels, seconds, repeats, heap);
    }

    private static List<String> levels(String value) {
        var levels = List.of(value.split(","));
        if (!LEVELS.containsAll(levels)) {
            throw new IllegalArgumentException("--levels are of B-B, B-T");
        }
        return levels;
    }

    private static List<Integer> numbers(String name, String value, int most) {
        return Stream.of(value.split(",")).map(part -> number(name, part, most)).toList();
    }

    private static int number(String name, String value, int most) {
        if (!value.matches("[1-9]\\d{0,6}") || Integer.parseInt(value) > most) {
            throw new IllegalArgumentException(name + " is a number from 1 to " + most);
        }
        return Integer.parseInt(value);
    }
}
