package org.countersign.server.keys.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The content of a {@link Frame}, field by field: numbers of 8 bytes, and bytes after 4 bytes of length. */
public final class Fields {

    private ByteBuffer buffer;

    private Fields(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /** To be written. */
    public static Fields empty() {
        return new Fields(ByteBuffer.allocate(256));
    }

    /** To be read. */
    public static Fields of(byte[] content) {
        return new Fields(ByteBuffer.wrap(content));
    }

    public Fields number(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    public Fields bytes(byte[] value) {
        room(Integer.BYTES + value.length).putInt(value.length).put(value);
        return this;
    }

    /** What was written. */
    public byte[] content() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    public long nextNumber() throws IOException {
        if (buffer.remaining() < Long.BYTES) {
            throw new IOException("A frame is malformed");
        }
        return buffer.getLong();
    }

    public byte[] nextBytes() throws IOException {
        int length = buffer.remaining() < Integer.BYTES ? -1 : buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
            throw new IOException("A frame is malformed");
        }
        var bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    private ByteBuffer room(int length) {
        if (buffer.remaining() < length) {
            buffer = ByteBuffer.allocate(2 * (buffer.position() + length)).put(buffer.flip());
        }
        return buffer;
    }
}
