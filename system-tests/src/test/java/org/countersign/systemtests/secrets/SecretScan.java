package org.countersign.systemtests.secrets;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Searches bytes for many secrets at once, in every form of {@link Secret#forms()}, also inside gzip, ZIP, JAR and WAR
 * files, however deep. A prefix of three bytes picks the candidates, so the number of secrets hardly matters.
 */
final class SecretScan {

    private static final int PREFIX = 3;

    /** @param where a path, with what was unpacked after {@code !}, or a table */
    record Hit(String where, String secret, String form) {}

    private record Pattern(String secret, String form, byte[] bytes) {}

    private final Map<Integer, List<Pattern>> byPrefix = new HashMap<>();
    private final BitSet prefixes = new BitSet(1 << 24);
    private final TreeSet<String> unreadable = new TreeSet<>();
    private long bytes;
    private long files;

    SecretScan(Collection<Secret> secrets) {
        secrets.forEach(secret ->
                secret.forms().forEach((form, value) -> add(new Pattern(secret.name(), form, value))));
    }

    private void add(Pattern pattern) {
        int prefix = prefix(pattern.bytes(), 0);
        prefixes.set(prefix);
        byPrefix.computeIfAbsent(prefix, ignored -> new ArrayList<>()).add(pattern);
    }

    /** Every regular file below a folder; one that a running server takes away meanwhile holds nothing. */
    List<Hit> folder(Path folder) throws IOException {
        var hits = new ArrayList<Hit>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    try {
                        hits.addAll(content(folder.relativize(path).toString(), Files.readAllBytes(path)));
                        files++;
                    } catch (NoSuchFileException gone) {
                        // as said above
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return hits;
    }

    /** Every row of every table outside the catalogue: as PostgreSQL writes it, and each binary column's bytes. */
    List<Hit> database(Connection connection) throws SQLException {
        var hits = new ArrayList<Hit>();
        for (var table : tables(connection)) {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT t::text AS whole_row, t.* FROM " + table + " t")) {
                while (rows.next()) {
                    for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                        var name = table + "." + rows.getMetaData().getColumnName(column);
                        var value = rows.getBytes(column);
                        if (value != null) {
                            hits.addAll(content(name, value));
                        }
                    }
                }
            }
        }
        return hits;
    }

    static List<String> tables(Connection connection) throws SQLException {
        var tables = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT format('%I.%I', table_schema, table_name)"
                        + " FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
                        + " AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    /** Bytes, and what they hold when they are an archive. */
    List<Hit> content(String where, byte[] content) {
        var hits = new ArrayList<>(plain(where, content));
        try {
            if (startsWith(content, 0x1f, 0x8b)) {
                try (var in = new GZIPInputStream(new ByteArrayInputStream(content))) {
                    hits.addAll(content(where + "!gz", in.readAllBytes()));
                }
            } else if (startsWith(content, 'P', 'K', 3, 4)) {
                try (var in = new ZipInputStream(new ByteArrayInputStream(content))) {
                    for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                        hits.addAll(content(where + "!" + entry.getName(), in.readAllBytes()));
                    }
                }
            }
        } catch (ZipException | java.io.EOFException damaged) {
            unreadable.add(where);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return hits;
    }

    private List<Hit> plain(String where, byte[] content) {
        bytes += content.length;
        var hits = new ArrayList<Hit>();
        for (int i = 0; i + PREFIX <= content.length; i++) {
            int prefix = prefix(content, i);
            if (prefixes.get(prefix)) {
                for (var pattern : byPrefix.get(prefix)) {
                    int end = i + pattern.bytes().length;
                    if (end <= content.length
                            && Arrays.equals(content, i, end, pattern.bytes(), 0, pattern.bytes().length)) {
                        hits.add(new Hit(where, pattern.secret(), pattern.form()));
                    }
                }
            }
        }
        return hits;
    }

    /** Archives that could not be unpacked: were searched as they are only. */
    Collection<String> unreadable() {
        return unreadable;
    }

    String summary() {
        return "Searched " + bytes / 1_000_000 + " MB, files " + files + ", archives that do not open: " + unreadable;
    }

    private static int prefix(byte[] content, int at) {
        return (content[at] & 0xff) << 16 | (content[at + 1] & 0xff) << 8 | content[at + 2] & 0xff;
    }

    private static boolean startsWith(byte[] content, int... magic) {
        if (content.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((content[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
