package org.countersign.agent.sandbox;

import jakarta.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.countersign.agent.loopback.Jsons;

/** JSON objects over a socket: four bytes of length, big-endian, then UTF-8. */
final class Frames {

    private static final int LARGEST = 4 << 20;

    private Frames() {}

    static void write(SocketChannel channel, JsonObject object) throws IOException {
        var bytes = Jsons.bytes(object);
        var frame = ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /** @throws IOException when the other end is gone, or sent something else */
    static JsonObject read(SocketChannel channel) throws IOException {
        int length = fill(channel, Integer.BYTES).getInt();
        if (length < 2 || length > LARGEST) {
            throw new IOException("Not a frame");
        }
        return Jsons.parse(fill(channel, length).array()).orElseThrow(() -> new IOException("Not a frame"));
    }

    private static ByteBuffer fill(SocketChannel channel, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }
}
