package org.countersign.systemtests.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.keys.AesKey;

/** Opens a tenant file by what the documentation says about it, without the product's own classes. */
final class OpenedTenantFile {

    private static final JsonMapper JSON = new JsonMapper();

    private OpenedTenantFile() {}

    /** @return the records, in order */
    static List<JsonNode> records(Path file, String passphrase) throws Exception {
        var lines = Files.readAllLines(file);
        var header = JSON.readTree(lines.get(0));
        var argon2 = header.get("argon2id");
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(argon2.get("memoryKiB").intValue())
                .withIterations(argon2.get("iterations").intValue())
                .withParallelism(1)
                .withSalt(argon2.get("salt").binaryValue())
                .build());
        var wrapping = new byte[32];
        generator.generateBytes(passphrase.getBytes(StandardCharsets.UTF_8), wrapping);
        var fileKey = plaintext(header.get("key").textValue(), wrapping);
        var records = new ArrayList<JsonNode>();
        for (var line : lines.subList(1, lines.size())) {
            for (var record : new String(plaintext(line, fileKey), StandardCharsets.UTF_8).split("\n")) {
                records.add(JSON.readTree(record));
            }
        }
        return records;
    }

    private static byte[] plaintext(String jwe, byte[] key) throws Exception {
        var encrypted = new JsonWebEncryption();
        encrypted.setKey(new AesKey(key));
        encrypted.setCompactSerialization(jwe);
        return encrypted.getPlaintextBytes();
    }
}
