package org.countersign.signer.documents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;

/**
 * How much a document may be, that is not read from its file as it is needed but held in memory, and how much it may become by being
 * unpacked.
 */
public final class DocumentBounds {

    private static final long LONGEST_IN_MEMORY = 20_000_000;
    private static final String PDF = "%PDF-";
    /** ASN.1's SEQUENCE. */
    private static final String CMS = "0";

    private static final String ZIP = "PK";

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

    /** By what every CMS begins with. */
    public static boolean isCms(Path file) {
        return begins(file, CMS);
    }

    /**
     * Unpacks what is a ZIP, to nowhere.
     *
     * @throws ProtocolException {@code invalid_request} when it becomes too much, or is malformed
     */
    public static void requireUnpacksToLittle(Path file) {
        if (begins(file, ZIP)) {
            ZipBounds.require(file);
        }
    }

    private static boolean begins(Path file, String with) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(with.length()), StandardCharsets.ISO_8859_1).equals(with);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
