package org.countersign.signer.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipBoundsTest {

    private static final byte[] TEXT = "a text".getBytes(StandardCharsets.UTF_8);
    private static final String TOO_MUCH = "unpacks to too much";
    private static final String MALFORMED = "malformed ZIP";

    @TempDir
    private Path folder;

    @Test
    void what_is_little_and_whole_is_taken_and_leaves_nothing() throws IOException {
        require(zip(Map.of("a", TEXT)));
        require(zip(Map.of("a", zip(Map.of("b", zip(Map.of("c", TEXT)))))));
        require(zip(Map.of()));
        require(TEXT);
        assertThat(folder).isDirectoryContaining("glob:**document").isDirectoryNotContaining("glob:**nested*");
    }

    @Test
    void bytes_and_entries_are_bounded() throws IOException {
        refused(zip(Map.of("a", new byte[60_000_000], "b", new byte[60_000_000])), TOO_MUCH);
        refused(zip(entries(1_001)), TOO_MUCH);
        require(zip(entries(1_000)));
    }

    @Test
    void what_is_packed_in_it_counts() throws IOException {
        refused(
                zip(Map.of(
                        "a", zip(Map.of("a", new byte[60_000_000])),
                        "b", zip(Map.of("a", new byte[60_000_000])))),
                TOO_MUCH);
        refused(zip(Map.of("a", zip(entries(600)), "b", zip(entries(600)))), TOO_MUCH);
        assertThat(folder).isDirectoryNotContaining("glob:**nested*");
    }

    @Test
    void what_is_malformed_is_refused() throws IOException {
        var whole = zip(Map.of("a", TEXT));
        refused(Arrays.copyOf(whole, whole.length - 10), MALFORMED);
        refused(Arrays.copyOf(whole, 20), MALFORMED);
        refused("PK and more".getBytes(StandardCharsets.UTF_8), MALFORMED);
        refused(zip(Map.of("a", Arrays.copyOf(whole, 20))), MALFORMED);
    }

    /** The directory at its end tells of another file than the one at its beginning. */
    @Test
    void both_ways_to_read_it_have_to_agree() throws IOException {
        var shown = zip(Map.of("a", TEXT));
        var hidden = zip(Map.of("a", "b text".getBytes(StandardCharsets.UTF_8)));
        var both = new ByteArrayOutputStream();
        both.write(shown);
        both.write(hidden);
        refused(both.toByteArray(), MALFORMED);
        var renamed = new String(zip(Map.of("name", TEXT)), StandardCharsets.ISO_8859_1);
        int listed = renamed.lastIndexOf("name");
        refused(
                (renamed.substring(0, listed) + "else" + renamed.substring(listed + 4))
                        .getBytes(StandardCharsets.ISO_8859_1),
                MALFORMED);
        var twice = new String(zip(new LinkedHashMap<>(Map.of("one", TEXT, "two", TEXT))), StandardCharsets.ISO_8859_1);
        refused(twice.replace("two", "one").getBytes(StandardCharsets.ISO_8859_1), MALFORMED);
    }

    private void refused(byte[] content, String why) {
        assertThatThrownBy(() -> require(content))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(why);
    }

    private void require(byte[] content) throws IOException {
        var file = folder.resolve("document");
        Files.write(file, content);
        DocumentBounds.requireUnpacksToLittle(file);
    }

    private static Map<String, byte[]> entries(int count) {
        var entries = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < count; i++) {
            entries.put("e" + i, new byte[0]);
        }
        return entries;
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return out.toByteArray();
    }
}
