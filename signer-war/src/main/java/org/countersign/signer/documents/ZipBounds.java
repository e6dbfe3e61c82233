package org.countersign.signer.documents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.countersign.core.error.ProtocolException;

/**
 * Counts what a ZIP unpacks to. There are two ways to read one, from its beginning and by the directory at its end, and libraries take
 * either: here it has to be the same in both. Files in it that are ZIPs count by what they unpack to, as well; what is in those stays packed.
 */
final class ZipBounds {

    private static final long LONGEST_UNPACKED = 100_000_000;
    private static final int MOST_ENTRIES = 1_000;
    private static final int BUFFER = 1 << 16;

    private long length;
    private int entries;

    private ZipBounds() {}

    /** @throws ProtocolException {@code invalid_request} when it becomes too much, or is malformed */
    static void require(Path file) {
        try {
            new ZipBounds().unpack(file, true);
        } catch (ZipException | IllegalArgumentException malformed) {
            throw malformed();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** @param deeper whether to unpack the ZIPs in it */
    private void unpack(Path file, boolean deeper) throws IOException {
        var names = new HashSet<String>();
        try (var zip = new ZipFile(file.toFile());
                var in = new ZipInputStream(Files.newInputStream(file))) {
            if (zip.size() > MOST_ENTRIES) {
                throw tooMuch();
            }
            for (var listed : zip.stream().toList()) {
                var entry = in.getNextEntry();
                if (entry == null || !entry.getName().equals(listed.getName()) || !names.add(entry.getName())) {
                    throw malformed();
                }
                if (++entries > MOST_ENTRIES) {
                    throw tooMuch();
                }
                if (compare(zip, listed, in) && deeper) {
                    unpackNested(zip, listed, file);
                }
            }
            if (in.getNextEntry() != null) {
                throw malformed();
            }
        }
    }

    private void unpackNested(ZipFile zip, ZipEntry listed, Path beside) throws IOException {
        var nested = Files.createTempFile(beside.toAbsolutePath().getParent(), "nested", "");
        try {
            try (InputStream in = zip.getInputStream(listed)) {
                Files.copy(in, nested, StandardCopyOption.REPLACE_EXISTING);
            }
            unpack(nested, false);
        } finally {
            Files.delete(nested);
        }
    }

    /** @return whether it is a ZIP itself */
    private boolean compare(ZipFile zip, ZipEntry listed, InputStream in) throws IOException {
        boolean packed = false;
        long own = 0;
        try (var again = zip.getInputStream(listed)) {
            while (true) {
                var one = in.readNBytes(BUFFER);
                if (Arrays.mismatch(one, again.readNBytes(BUFFER)) >= 0) {
                    throw malformed();
                }
                packed = own == 0 ? one.length > 1 && one[0] == 'P' && one[1] == 'K' : packed;
                own += one.length;
                length += one.length;
                if (length > LONGEST_UNPACKED) {
                    throw tooMuch();
                }
                if (one.length == 0) {
                    break;
                }
            }
        }
        if (own != listed.getSize()) {
            throw malformed();
        }
        return packed;
    }

    private static ProtocolException tooMuch() {
        return ProtocolException.invalidRequest("The document unpacks to too much");
    }

    private static ProtocolException malformed() {
        return ProtocolException.invalidRequest("The document is a malformed ZIP, or has one in it");
    }
}
