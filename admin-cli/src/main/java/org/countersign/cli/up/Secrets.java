package org.countersign.cli.up;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.countersign.cli.process.Folders;
import org.countersign.core.entropy.Entropy;

/** The secrets of this data folder's servers: made at first need, kept in files only their owner may read. */
final class Secrets {

    private final Path folder;
    private final Entropy entropy;

    Secrets(Path folder, Entropy entropy) {
        this.folder = folder;
        this.entropy = entropy;
    }

    /** 32 random bytes in base64url. An empty file, which only a full disk leaves, counts as none. */
    String get(String name) throws IOException {
        var file = folder.resolve(name);
        if (Files.isRegularFile(file)) {
            var secret = Files.readString(file).strip();
            if (!secret.isEmpty()) {
                return secret;
            }
        }
        var secret = entropy.token();
        Folders.writePrivate(file, secret.getBytes(StandardCharsets.US_ASCII));
        return secret;
    }
}
