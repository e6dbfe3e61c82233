package org.countersign.agent.card;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;

/**
 * Puts a card into the reader of vsmartcard's vpcd: a connection to it is a card inserted. Messages have two bytes of
 * length; one of a single byte is for the slot (0 off, 1 on, 2 reset, 4 answer to reset), any other an APDU.
 */
public final class VirtualReader implements AutoCloseable {

    /** Not vpcd's own, 0x8C7B: that and the next one may be the near end of any connection of this machine. */
    static final int PORT = 0x5C7B;

    private static final int PATIENCE_SECONDS = 30;
    private static final int RESET = 2;
    private static final int GET_ATR = 4;

    private final Socket socket;
    private final VirtualCard card;

    private VirtualReader(Socket socket, VirtualCard card) {
        this.socket = socket;
        this.card = card;
    }

    public static VirtualReader insert(VirtualCard card) {
        return insert(card, PORT);
    }

    /** @param port of the reader: each of vpcd's has its own, in a row */
    public static VirtualReader insert(VirtualCard card, int port) {
        try {
            var reader = new VirtualReader(connected(port), card);
            var thread = new Thread(reader::serve, "virtual-card");
            thread.setDaemon(true);
            thread.start();
            return reader;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Waits for a reader service that has only just been started. */
    private static Socket connected(int port) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                return new Socket("127.0.0.1", port);
            } catch (ConnectException notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private void serve() {
        try (socket) {
            var in = new DataInputStream(socket.getInputStream());
            var out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                // vpcd sends the length by itself, and what follows once that is acknowledged; the system would wait 40
                // ms.
                socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
                var message = in.readNBytes(in.readUnsignedShort());
                if (message.length > 1) {
                    send(out, card.transmit(message));
                } else if (message[0] == GET_ATR) {
                    send(out, HexFormat.of().parseHex(card.atr()));
                } else {
                    card.reset(message[0] == RESET);
                }
            }
        } catch (IOException removed) {
            // The card is out.
        }
    }

    private static void send(DataOutputStream out, byte[] bytes) throws IOException {
        // At once: in two packets the second would wait for the first to be acknowledged.
        var message = new byte[2 + bytes.length];
        message[0] = (byte) (bytes.length >> 8);
        message[1] = (byte) bytes.length;
        System.arraycopy(bytes, 0, message, 2, bytes.length);
        out.write(message);
        out.flush();
    }

    /** Takes the card out. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyOut) {
            // As wanted.
        }
    }
}
