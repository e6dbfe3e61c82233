package org.countersign.agent.modules;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.countersign.agent.keys.DeviceKey;
import org.countersign.agent.keys.EncryptionKey;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * Reads PINs of requests. Who sends one learns nothing from whether it decrypts (Bleichenbacher, 1998): what does not, or decrypts to
 * what nobody types, goes the whole way as {@link #NONE}, which every module finds wrong where it would show a PIN to the card.
 */
public final class Pins {

    private static final int ENCRYPTED_BYTES = 256;
    private static final int LONGEST = 64;

    /** No card has it, and none is shown it: its character can not be typed. */
    private static final String NONE = "\0";

    private final EncryptionKey encryptionKey;
    private final DeviceKey deviceKey;
    private final boolean encryptedAsV3;
    private final boolean clear;

    /**
     * @param encryptedAsV3 whether RSA with PKCS#1 v1.5 is taken beside OAEP
     * @param clear whether PINs in clear are taken
     */
    public Pins(EncryptionKey encryptionKey, DeviceKey deviceKey, boolean encryptedAsV3, boolean clear) {
        this.encryptionKey = encryptionKey;
        this.deviceKey = deviceKey;
        this.encryptedAsV3 = encryptedAsV3;
        this.clear = clear;
    }

    /** @throws ProtocolException {@code pin_not_encrypted} */
    String read(String given) {
        var encrypted = encrypted(given);
        if (encrypted.isEmpty()) {
            if (clear && given.length() <= LONGEST) {
                return given;
            }
            throw new ProtocolException(AgentError.PIN_NOT_ENCRYPTED, "The PIN is not encrypted as it must be");
        }
        return decrypted(encrypted.get())
                .filter(pin -> pin.length > 0 && pin.length <= LONGEST)
                .flatMap(Pins::typed)
                .orElse(NONE);
    }

    private static Optional<String> typed(byte[] pin) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(pin))
                            .toString())
                    .filter(text -> text.chars().noneMatch(Character::isISOControl));
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    /** Which of the two it is does not stand in it: what was not made for the one key is tried with the other. */
    private Optional<byte[]> decrypted(byte[] encrypted) {
        var modern = encryptionKey.decrypt(encrypted);
        return modern.isPresent() || !encryptedAsV3 ? modern : deviceKey.decrypt(encrypted);
    }

    private static Optional<byte[]> encrypted(String given) {
        try {
            return Optional.of(Base64.getDecoder().decode(given)).filter(bytes -> bytes.length == ENCRYPTED_BYTES);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
