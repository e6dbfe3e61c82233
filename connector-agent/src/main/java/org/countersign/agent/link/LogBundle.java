package org.countersign.agent.link;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** The newest of the log files, packed. Logs have neither PINs nor tokens; what looks like a token is taken out all the same. */
final class LogBundle {

    private static final int MOST = 8 << 20;
    private static final int LARGEST_PACKED = 5 << 20;
    private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private LogBundle() {}

    /** A gzip file; nothing when there are no logs. */
    static Optional<byte[]> of(Path folder) throws IOException {
        var files = files(folder);
        if (files.isEmpty()) {
            return Optional.empty();
        }
        for (int most = MOST; ; most /= 2) {
            var packed = pack(files, most);
            if (packed.length <= LARGEST_PACKED) {
                return Optional.of(packed);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(file -> Files.isRegularFile(file)
                            && file.getFileName().toString().contains(".log"))
                    .filter(file -> !file.getFileName().toString().endsWith(".lck"))
                    .sorted(Comparator.comparing(LogBundle::changed).reversed())
                    .toList();
        }
    }

    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    private static byte[] pack(List<Path> files, int most) throws IOException {
        var bytes = new ByteArrayOutputStream();
        int left = most;
        try (var gzip = new GZIPOutputStream(bytes)) {
            for (var file : files) {
                var end = end(file, left);
                left -= end.length;
                var text =
                        TOKEN.matcher(new String(end, StandardCharsets.UTF_8)).replaceAll("(token)");
                gzip.write(("==== " + file.getFileName() + "\n" + text + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] end(Path path, int most) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            int length = (int) Math.min(file.length(), most);
            var end = new byte[length];
            file.seek(file.length() - length);
            file.readFully(end);
            return end;
        }
    }
}
