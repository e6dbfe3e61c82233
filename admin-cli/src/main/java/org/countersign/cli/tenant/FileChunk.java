package org.countersign.cli.tenant;

import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.keys.AesKey;

/**
 * A chunk's JWE (RFC 7516): {@code dir} and {@code A256GCM} under the file's key. Its protected header, which GCM
 * authenticates, says which file, the how-manieth chunk, and whether it is the last: chunks can neither be exchanged, nor
 * reordered, nor cut off.
 */
final class FileChunk {

    /** Plain bytes from which a chunk is full. */
    static final int FULL = 65_536;

    /** The longest line of a file: a full chunk and the largest record, in base64. */
    static final int MAX_LINE = 1 << 21;

    /** Bytes of a record that always fit: behind a chunk that is not full yet, in base64, with header and tag. */
    static final int LONGEST_RECORD = (MAX_LINE - 1_024) / 4 * 3 - FULL;

    private static final AlgorithmConstraints DIRECT =
            new AlgorithmConstraints(ConstraintType.PERMIT, KeyManagementAlgorithmIdentifiers.DIRECT);
    private static final AlgorithmConstraints AES_256_GCM =
            new AlgorithmConstraints(ConstraintType.PERMIT, ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);

    private FileChunk() {}

    /** @param file base64url of the SHA-256 of the first line */
    static JsonWebEncryption of(AesKey key, String file, int number, boolean last) {
        var jwe = envelope(key);
        jwe.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.DIRECT);
        jwe.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
        jwe.setHeader("file", file);
        jwe.getHeaders().setObjectHeaderValue("n", number);
        jwe.getHeaders().setObjectHeaderValue("last", last);
        return jwe;
    }

    static JsonWebEncryption envelope(AesKey key) {
        var jwe = new JsonWebEncryption();
        jwe.setAlgorithmConstraints(DIRECT);
        jwe.setContentEncryptionAlgorithmConstraints(AES_256_GCM);
        jwe.setKey(key);
        return jwe;
    }
}
