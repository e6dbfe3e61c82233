package org.countersign.cli.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import org.countersign.cli.terminal.Refusal;

/**
 * The first line of a tenant file, the only one in clear.
 *
 * @param countersignTenant the format's number; another one is refused
 * @param key the file's key as a compact JWE (RFC 7516): for a passphrase by {@code A256KW}, for a certificate by {@code
 *     ECDH-ES+A256KW} or {@code RSA-OAEP-256}
 * @param argon2id how the passphrase becomes a key; none for a certificate
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FileHeader(int countersignTenant, String key, Derivation argon2id) {

    static final int FORMAT = 1;

    record Derivation(int memoryKiB, int iterations, byte[] salt) {}

    byte[] line() {
        try {
            return TenantRecord.JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static FileHeader parse(byte[] line) {
        var text = new String(line, StandardCharsets.UTF_8);
        try {
            var tree = TenantRecord.JSON.readTree(text);
            int format = tree == null ? 0 : tree.path("countersignTenant").asInt(0);
            if (format > FORMAT) {
                throw Refusal.failed("The file has format " + format
                        + ", of a newer version of Countersign; this one reads" + " format " + FORMAT + ".");
            }
            if (format != FORMAT) {
                throw notOurs();
            }
            var header = TenantRecord.JSON.treeToValue(tree, FileHeader.class);
            if (header.key() == null) {
                throw notOurs();
            }
            return header;
        } catch (JsonProcessingException notJson) {
            throw notOurs();
        }
    }

    private static Refusal notOurs() {
        return Refusal.failed("This is no file of countersign tenant export, or its beginning was changed.");
    }
}
