package org.countersign.signer.documents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;

/**
 * How much a document may be, that is not read from its file as it is needed but held in memory, and how much it may become by being
 * unpacked.
 */
public final class DocumentBounds {

    private static final long LONGEST_IN_MEMORY = 20_000_000;
    private static final long LONGEST_UNPACKED = 100_000_000;
    private static final int MOST_ENTRIES = 1_000;
    private static final int BUFFER = 1 << 16;
    private static final String PDF = "%PDF-";
    private static final String ZIP = "PK\3\4";

    private DocumentBounds() {}

    /** @throws ProtocolException {@code invalid_request} of status 413 */
    public static void requireFitsInMemory(Path file) {
        try {
            if (Files.size(file) > LONGEST_IN_MEMORY) {
                throw new ProtocolException(
                        OAuth2Error.PAYLOAD_TOO_LARGE, "Payload is too large: 20 megabytes in this format");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static boolean isPdf(Path file) {
        return begins(file, PDF);
    }

    /**
     * Unpacks what is a ZIP, to nowhere.
     *
     * @throws ProtocolException {@code invalid_request} when it becomes too much
     */
    public static void requireUnpacksToLittle(Path file) {
        if (!begins(file, ZIP)) {
            return;
        }
        var buffer = new byte[BUFFER];
        long length = 0;
        int entries = 0;
        try (var zip = new ZipInputStream(Files.newInputStream(file))) {
            while (zip.getNextEntry() != null) {
                entries++;
                for (int read = zip.read(buffer); read >= 0; read = zip.read(buffer)) {
                    length += read;
                    if (length > LONGEST_UNPACKED) {
                        throw tooMuch();
                    }
                }
                if (entries > MOST_ENTRIES) {
                    throw tooMuch();
                }
            }
        } catch (ZipException | IllegalArgumentException malformed) {
            // For who reads it to say.
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ProtocolException tooMuch() {
        return ProtocolException.invalidRequest("The document unpacks to too much");
    }

    private static boolean begins(Path file, String with) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(with.length()), StandardCharsets.ISO_8859_1).equals(with);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
