package org.countersign.agent.cards;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * BER-TLV as EMV has it (book 3, annex B): tags of up to three bytes, lengths of up to three, zeros between elements.
 *
 * @param tag its bytes as a number, such as 0x5F24
 */
record BerTlv(int tag, byte[] value) {

    private static final int CONSTRUCTED = 0x20;
    private static final int LONG_TAG = 0x1F;
    private static final int MORE = 0x80;
    private static final int BYTE = 8;
    private static final int MOST_TAG_BYTES = 3;
    private static final int MOST_LENGTH_BYTES = 2;
    private static final int DEEPEST = 8;

    /** @throws ProtocolException {@code card_data} */
    static List<BerTlv> parse(byte[] data) {
        var in = ByteBuffer.wrap(data);
        var elements = new ArrayList<BerTlv>();
        while (in.hasRemaining()) {
            int first = next(in);
            if (first == 0) {
                continue;
            }
            int tag = tag(first, in);
            int length = length(in);
            if (length > in.remaining()) {
                throw malformed();
            }
            var value = new byte[length];
            in.get(value);
            elements.add(new BerTlv(tag, value));
        }
        return elements;
    }

    private static int tag(int first, ByteBuffer in) {
        int tag = first;
        if ((first & LONG_TAG) == LONG_TAG) {
            int last;
            int bytes = 1;
            do {
                last = next(in);
                tag = tag << BYTE | last;
                bytes++;
            } while ((last & MORE) != 0 && bytes < MOST_TAG_BYTES);
            if ((last & MORE) != 0) {
                throw malformed();
            }
        }
        return tag;
    }

    private static int length(ByteBuffer in) {
        int first = next(in);
        if (first < MORE) {
            return first;
        }
        int bytes = first & ~MORE;
        if (bytes == 0 || bytes > MOST_LENGTH_BYTES) {
            throw malformed();
        }
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << BYTE | next(in);
        }
        return length;
    }

    private static int next(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw malformed();
        }
        return Byte.toUnsignedInt(in.get());
    }

    /** All with a tag, however deep, in order. */
    static List<byte[]> all(byte[] data, int tag) {
        var found = new ArrayList<byte[]>();
        collect(data, tag, 0, found);
        return found;
    }

    static Optional<byte[]> first(byte[] data, int tag) {
        return all(data, tag).stream().findFirst();
    }

    private static void collect(byte[] data, int tag, int depth, List<byte[]> found) {
        if (depth > DEEPEST) {
            throw malformed();
        }
        for (var element : parse(data)) {
            if (element.tag == tag) {
                found.add(element.value);
            } else if (element.isConstructed()) {
                collect(element.value, tag, depth + 1, found);
            }
        }
    }

    private boolean isConstructed() {
        int first = tag;
        while (first > 0xFF) {
            first >>= BYTE;
        }
        return (first & CONSTRUCTED) != 0;
    }

    private static ProtocolException malformed() {
        return new ProtocolException(AgentError.CARD_DATA, "No BER-TLV");
    }
}
