package org.countersign.agent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.countersign.agent.Tools;
import org.countersign.agent.keys.DeviceKey;
import org.countersign.agent.keys.EncryptionKey;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.core.entropy.Entropy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PINs that openssl encrypted. */
class PinsTest {

    private static final List<String> OAEP =
            List.of("rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256");

    @TempDir
    Path folder;

    EncryptionKey encryptionKey;
    DeviceKey deviceKey;

    @BeforeEach
    void keys() {
        Tools.require("openssl");
        var entropy = new Entropy(new SecureRandom());
        encryptionKey = EncryptionKey.open(PrivateFolder.open(folder), entropy);
        deviceKey = DeviceKey.open(PrivateFolder.open(folder), entropy);
    }

    private String encrypted(byte[] key, List<String> options) throws Exception {
        Files.write(folder.resolve("key.spki"), key);
        Files.writeString(folder.resolve("pin"), "739201", StandardCharsets.UTF_8);
        var command = new java.util.ArrayList<>(List.of(
                "openssl",
                "pkeyutl",
                "-encrypt",
                "-pubin",
                "-keyform",
                "DER",
                "-inkey",
                "key.spki",
                "-in",
                "pin",
                "-out",
                "out"));
        for (var option : options) {
            command.addAll(List.of("-pkeyopt", option));
        }
        Tools.run(folder, command.toArray(String[]::new));
        return Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("out")));
    }

    @Test
    void each_key_decrypts_what_is_for_it_and_in_its_way() throws Exception {
        var oaep = encrypted(encryptionKey.publicKey().getEncoded(), OAEP);
        var v3 = encrypted(deviceKey.key().getEncoded(), List.of("rsa_padding_mode:pkcs1"));
        var pins = new Pins(encryptionKey, deviceKey, true, false);
        assertThat(pins.read(oaep)).isEqualTo("739201");
        assertThat(pins.read(v3)).isEqualTo("739201");
        var strict = new Pins(encryptionKey, deviceKey, false, false);
        assertThat(strict.read(oaep)).isEqualTo("739201");
        refused(strict, v3);
        refused(pins, encrypted(deviceKey.key().getEncoded(), OAEP));
        refused(pins, encrypted(encryptionKey.publicKey().getEncoded(), List.of("rsa_padding_mode:pkcs1")));
        refused(pins, encrypted(encryptionKey.publicKey().getEncoded(), List.of("rsa_padding_mode:oaep")));
    }

    /** It is taken for a PIN that is wrong for any card. */
    private static void refused(Pins pins, String pin) {
        assertThat(pins.read(pin)).isEqualTo("\0");
    }
}
