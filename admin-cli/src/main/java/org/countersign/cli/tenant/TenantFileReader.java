package org.countersign.cli.tenant;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Consumer;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.cli.tenant.TenantRecord.End;
import org.countersign.cli.tenant.TenantRecord.Manifest;
import org.countersign.cli.tenant.TenantRecord.MovedCredential;
import org.countersign.cli.tenant.TenantRecord.MovedSeat;
import org.countersign.cli.terminal.Refusal;
import org.jose4j.keys.AesKey;
import org.jose4j.lang.JoseException;

/**
 * Reads a tenant file, a chunk at a time. What it gives out is authentic, but whether the file is whole is known only
 * when {@link #read} returns: nothing may be kept before.
 */
final class TenantFileReader implements Closeable {

    private static final int MAX_HEADER = 16_384;

    private final InputStream in;
    private final MessageDigest ofFile = DigestUtils.getSha256Digest();
    private final MessageDigest ofRecords = DigestUtils.getSha256Digest();
    private final AesKey key;
    private final String file;
    private int chunks;
    private boolean begun;
    private int credentials;
    private int keys;
    private End end;

    private TenantFileReader(InputStream in, FileKey.Unwrapping unwrapping) throws IOException {
        this.in = in;
        var line = line(MAX_HEADER);
        if (line == null) {
            throw Refusal.failed("The file is empty.");
        }
        var fileKey = unwrapping.unwrap(FileHeader.parse(line));
        this.key = new AesKey(fileKey);
        this.file = Base64.getUrlEncoder().withoutPadding().encodeToString(DigestUtils.sha256(line));
        Arrays.fill(fileKey, (byte) 0);
    }

    static TenantFileReader open(Path path, FileKey.Unwrapping unwrapping) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw Refusal.failed(path + " does not exist.");
        }
        var in = new BufferedInputStream(Files.newInputStream(path), FileChunk.FULL);
        try {
            return new TenantFileReader(in, unwrapping);
        } catch (IOException | RuntimeException failure) {
            in.close();
            throw failure;
        }
    }

    /** Who takes what is read, in this order. */
    record Records(Consumer<Manifest> manifest, Consumer<MovedSeat> seats, Consumer<MovedCredential> credentials) {}

    /** @return the SHA-256 of the whole file, once all of it was read and found whole */
    byte[] read(Records into) throws IOException {
        boolean last = false;
        while (!last) {
            var line = line(FileChunk.MAX_LINE);
            if (line == null) {
                throw Refusal.failed("The file was cut off: its last part is missing.");
            }
            last = chunk(new String(line, StandardCharsets.US_ASCII), into);
        }
        if (end == null || in.read() >= 0) {
            throw changed();
        }
        return ofFile.digest();
    }

    int credentials() {
        return credentials;
    }

    int keys() {
        return keys;
    }

    private boolean chunk(String line, Records into) {
        boolean last = line.startsWith(header(true));
        if ((!last && !line.startsWith(header(false))) || !isCanonical(line)) {
            throw changed();
        }
        byte[] plaintext;
        try {
            var jwe = FileChunk.envelope(key);
            jwe.setCompactSerialization(line);
            plaintext = jwe.getPlaintextBytes();
        } catch (JoseException notAuthentic) {
            throw changed();
        }
        chunks++;
        try {
            int begin = 0;
            for (int i = 0; i < plaintext.length; i++) {
                if (plaintext[i] == '\n') {
                    record(plaintext, begin, i + 1, into);
                    begin = i + 1;
                }
            }
            if (begin != plaintext.length) {
                throw changed();
            }
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
        return last;
    }

    private void record(byte[] bytes, int begin, int end, Records into) {
        TenantRecord record;
        try {
            record = TenantRecord.JSON.readValue(bytes, begin, end - begin, TenantRecord.class);
        } catch (IOException malformed) {
            // Not its message: that one may quote.
            throw changed();
        }
        if (this.end != null) {
            throw changed();
        }
        if (record.end() != null) {
            requireWhole(record.end());
            this.end = record.end();
            return;
        }
        ofRecords.update(bytes, begin, end - begin);
        if (!begun) {
            if (record.manifest() == null) {
                throw changed();
            }
            begun = true;
            into.manifest().accept(record.manifest());
        } else if (record.seat() != null && record.credential() == null && credentials == 0) {
            into.seats().accept(record.seat());
        } else {
            if (record.credential() == null || record.seat() != null) {
                throw changed();
            }
            credentials++;
            keys += record.credential().key() == null ? 0 : 1;
            into.credentials().accept(record.credential());
        }
    }

    private void requireWhole(End last) {
        if (last.credentials() != credentials
                || last.keys() != keys
                || !MessageDigest.isEqual(last.digest(), ofRecords.digest())) {
            throw changed();
        }
    }

    /** The beginning that this very chunk must have: what else there is to parse in a JWE never gets to the parser. */
    private String header(boolean last) {
        return FileChunk.of(key, file, chunks, last).getHeaders().getEncodedHeader() + "..";
    }

    /** Whether no bit was changed that base64 leaves unused. */
    private static boolean isCanonical(String jwe) {
        try {
            for (String part : jwe.split("\\.", -1)) {
                var decoded = Base64.getUrlDecoder().decode(part);
                if (!Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(decoded)
                        .equals(part)) {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private byte[] line(int most) throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw Refusal.failed("The file was cut off in the middle of a line.");
            }
            ofFile.update((byte) next);
            if (next == '\n') {
                return line.toByteArray();
            }
            if (line.size() == most) {
                throw changed();
            }
            line.write(next);
        }
    }

    private static Refusal changed() {
        return Refusal.failed("The file was changed: it is not as countersign tenant export wrote it.");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
