package org.countersign.systemtests.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search that finds nothing proves something only when it would have found it. */
final class SecretScanTest {

    private static final String SECRET = "correct horse battery staple?>";
    private static final Secret LOOKED_FOR = Secret.text("planted", SECRET);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "xy", "xyz"})
    void everyFormIsFoundWhateverStandsAround(String before) throws IOException {
        var whole = (before + SECRET + "after").getBytes(StandardCharsets.UTF_8);
        var planted = List.of(
                whole,
                (before + SECRET).getBytes(StandardCharsets.UTF_16LE),
                (before + SECRET).getBytes(StandardCharsets.UTF_16BE),
                HexFormat.of().formatHex(whole).getBytes(StandardCharsets.US_ASCII),
                HexFormat.of().withUpperCase().formatHex(whole).getBytes(StandardCharsets.US_ASCII),
                Base64.getEncoder().encode(whole),
                Base64.getUrlEncoder().encode(whole),
                Base64.getEncoder().encode((before + SECRET).getBytes(StandardCharsets.UTF_8)));
        for (byte[] content : planted) {
            Files.write(folder.resolve("file"), content);
            assertThat(scan())
                    .as(new String(content, StandardCharsets.ISO_8859_1))
                    .isNotEmpty();
            Files.write(folder.resolve("file"), zip("a.log", gzip(content)));
            assertThat(scan()).extracting(SecretScan.Hit::where).containsOnly("file!a.log!gz");
        }
    }

    @Test
    void archivesInArchivesAreOpened() throws IOException {
        var jar = zip("inner.jar", zip("deep/file.gz", gzip(SECRET.getBytes(StandardCharsets.UTF_8))));
        Files.write(folder.resolve("outer.war"), jar);
        assertThat(scan()).extracting(SecretScan.Hit::where).containsExactly("outer.war!inner.jar!deep/file.gz!gz");
    }

    @Test
    void aSecretAcrossTheWholeOfALargeFileIsFound() throws IOException {
        for (int at : Stream.of(0, 1, 8_191, 65_536, 4_999_970).toList()) {
            var content = new byte[5_000_000];
            var secret = SECRET.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(secret, 0, content, at, secret.length);
            Files.write(folder.resolve("file"), content);
            assertThat(scan()).as("at %d", at).hasSize(1);
        }
    }

    @Test
    void whatIsNotThereIsNotFound() throws IOException {
        Files.writeString(folder.resolve("file"), "correct horse battery staplf?> " + SECRET.substring(1));
        assertThat(scan()).isEmpty();
    }

    private List<SecretScan.Hit> scan() throws IOException {
        return new SecretScan(List.of(LOOKED_FOR, Secret.text("another", "something else"))).folder(folder);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry(name));
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
