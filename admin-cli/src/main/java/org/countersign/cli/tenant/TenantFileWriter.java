package org.countersign.cli.tenant;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.entropy.Entropy;
import org.jose4j.keys.AesKey;
import org.jose4j.lang.JoseException;

/** Writes a tenant file, a chunk of some 64 KiB at a time: {@link FileHeader}, then a {@link FileChunk} a line. */
final class TenantFileWriter {

    private final OutputStream out;
    private final MessageDigest ofFile = DigestUtils.getSha256Digest();
    private final MessageDigest ofRecords = DigestUtils.getSha256Digest();
    private final AesKey key;
    private final String file;
    private final Plaintext plaintext = new Plaintext();
    private int chunks;

    TenantFileWriter(OutputStream out, FileKey.Wrapping wrapping, Entropy entropy) throws IOException {
        this.out = out;
        var fileKey = FileKey.random(entropy);
        var header = wrapping.wrap(fileKey).line();
        this.key = new AesKey(fileKey);
        this.file = Base64.getUrlEncoder().withoutPadding().encodeToString(DigestUtils.sha256(header));
        Arrays.fill(fileKey, (byte) 0);
        line(header);
    }

    /** @throws Refusal when the record is longer than a reader takes */
    void write(TenantRecord record) throws IOException {
        int begin = plaintext.size();
        TenantRecord.JSON.writeValue(plaintext, record);
        plaintext.write('\n');
        if (plaintext.size() - begin > FileChunk.LONGEST_RECORD) {
            throw Refusal.failed((record.manifest() == null
                            ? "The " + record.credential()
                            : "The list of the tenant's clients and groups")
                    + " is too large for the file: " + (plaintext.size() - begin) + " bytes, of at most "
                    + FileChunk.LONGEST_RECORD + ".");
        }
        plaintext.digestFrom(begin, ofRecords);
        if (plaintext.size() >= FileChunk.FULL) {
            chunk(false);
        }
    }

    /** Writes the last record. @return the SHA-256 of the whole file */
    byte[] end(int credentials, int keys) throws IOException {
        write(new TenantRecord(null, null, null, new TenantRecord.End(credentials, keys, ofRecords.digest())));
        chunk(true);
        out.flush();
        return ofFile.digest();
    }

    private void chunk(boolean last) throws IOException {
        try {
            var jwe = FileChunk.of(key, file, chunks++, last);
            var bytes = plaintext.toByteArray();
            jwe.setPlaintext(bytes);
            var sealed = jwe.getCompactSerialization();
            Arrays.fill(bytes, (byte) 0);
            plaintext.wipe();
            line(sealed.getBytes(StandardCharsets.US_ASCII));
        } catch (JoseException impossible) {
            throw new IllegalStateException("A chunk does not encrypt", impossible);
        }
    }

    private void line(byte[] line) throws IOException {
        out.write(line);
        out.write('\n');
        ofFile.update(line);
        ofFile.update((byte) '\n');
    }

    private static final class Plaintext extends ByteArrayOutputStream {

        Plaintext() {
            super(2 * FileChunk.FULL);
        }

        void digestFrom(int begin, MessageDigest digest) {
            digest.update(buf, begin, count - begin);
        }

        void wipe() {
            Arrays.fill(buf, (byte) 0);
            reset();
        }

        @Override
        public void close() {
            // Jackson closes what it wrote to.
        }
    }
}
