package org.countersign.agent.cards;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * The form of the identity and address files of the Belgian eID card ("Belgian Electronic Identity Card content"): fields of
 * a tag, a length in groups of seven bits, of which all but the last have the highest bit, and a value. Zeros may fill the
 * end. What is not so, or has a tag twice, is refused as a whole.
 */
final class TaggedFile {

    private static final int MORE = 0x80;
    private static final int GROUP = 0x7F;
    private static final int GROUP_BITS = 7;
    private static final int MOST_GROUPS = 2;

    private final Map<Integer, byte[]> fields;

    private TaggedFile(Map<Integer, byte[]> fields) {
        this.fields = fields;
    }

    /** @throws ProtocolException {@code card_data} */
    static TaggedFile parse(byte[] file) {
        var in = ByteBuffer.wrap(file);
        var fields = new HashMap<Integer, byte[]>();
        while (in.hasRemaining()) {
            if (!fields.isEmpty() && isFilling(in)) {
                break;
            }
            int tag = Byte.toUnsignedInt(in.get());
            int length = length(in);
            if (length > in.remaining()) {
                throw malformed();
            }
            var value = new byte[length];
            in.get(value);
            if (fields.put(tag, value) != null) {
                throw malformed();
            }
        }
        return new TaggedFile(fields);
    }

    private static boolean isFilling(ByteBuffer in) {
        for (int i = in.position(); i < in.limit(); i++) {
            if (in.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int length(ByteBuffer in) {
        int length = 0;
        for (int i = 0; i < MOST_GROUPS; i++) {
            if (!in.hasRemaining()) {
                throw malformed();
            }
            int group = Byte.toUnsignedInt(in.get());
            length = length << GROUP_BITS | group & GROUP;
            if ((group & MORE) == 0) {
                return length;
            }
        }
        throw malformed();
    }

    Optional<byte[]> bytes(int tag) {
        return Optional.ofNullable(fields.get(tag));
    }

    /** UTF-8. */
    Optional<String> text(int tag) {
        return bytes(tag).map(value -> {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(value))
                        .toString();
            } catch (CharacterCodingException notUtf8) {
                throw malformed();
            }
        });
    }

    private static ProtocolException malformed() {
        return new ProtocolException(AgentError.CARD_DATA, "A file of another form");
    }
}
