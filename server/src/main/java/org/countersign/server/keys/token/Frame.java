package org.countersign.server.keys.token;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A request or an answer: 4 bytes of length of what follows, 4 bytes of number, one of kind, content.
 *
 * @param number an answer has its request's
 * @param kind one of {@link Request} or {@link Reply}, by its ordinal
 */
public record Frame(int number, int kind, byte[] content) {

    private static final int HEADER = 9;
    private static final int LONGEST = 1 << 20;

    /** What the child is asked. */
    public enum Request {
        /** The first one: the token's label, the user PIN, the number of sessions. */
        LOGIN,
        /** Identifier and label; answers the key's type and size or curve. */
        FIND,
        /** Identifier, mechanism, PSS parameters, data; answers the signature. */
        SIGN,
        /** Mechanisms, size or curve, identifier, label; answers the public key's parts. */
        GENERATE,
        /** Label. */
        DESTROY,
        /** Whether the token answers. */
        PING
    }

    /** What it answers; all but the first have the name of a PKCS#11 error or a text as content. */
    public enum Reply {
        DONE,
        /** No object has this label. */
        ABSENT,
        /** There is an object of this label, with another identifier. */
        ANOTHER_IDENTIFIER,
        /** The token has no such mechanism or curve, or not with this length. */
        NOT_OFFERED,
        /** The user PIN is wrong, or locked. */
        PIN_REFUSED,
        /** The token is not there, or its sessions have ended: a new process may find it again. */
        LOST,
        /** Anything else. */
        FAILED
    }

    /** @throws EOFException at the end of the stream */
    public static Frame read(SocketChannel channel) throws IOException {
        var header = ByteBuffer.allocate(HEADER);
        fill(channel, header);
        int length = header.getInt() - (HEADER - Integer.BYTES);
        if (length < 0 || length > LONGEST) {
            throw new IOException("A frame is malformed");
        }
        int number = header.getInt();
        int kind = header.get();
        var content = ByteBuffer.allocate(length);
        fill(channel, content);
        return new Frame(number, kind, content.array());
    }

    /** Whole; callers take turns. */
    public void write(SocketChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(HEADER + content.length)
                .putInt(HEADER - Integer.BYTES + content.length)
                .putInt(number)
                .put((byte) kind)
                .put(content)
                .flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void fill(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        buffer.flip();
    }

    @Override
    public String toString() {
        return "frame " + number;
    }
}
