package org.countersign.systemtests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;

/** An NTP server (RFC 5905) on a free port of the loopback address, whose time is not the machine's. */
public final class NtpServer implements AutoCloseable {

    private static final int HEADER = 48;
    private static final int TRANSMIT = 40;
    private static final long SECONDS_FROM_1900_TO_1970 = 2_208_988_800L;

    private final DatagramSocket socket;
    private final Duration ahead;
    private final String address;

    public NtpServer(Duration ahead) {
        this.ahead = ahead;
        try {
            this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (SocketException noPort) {
            throw new UncheckedIOException(noPort);
        }
        this.address = "127.0.0.1:" + socket.getLocalPort();
        var thread = new Thread(this::serve, "ntp-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@code HOST:PORT}. */
    public String address() {
        return address;
    }

    private void serve() {
        var question = new DatagramPacket(new byte[HEADER], HEADER);
        try {
            while (true) {
                socket.receive(question);
                var answer = answer(ByteBuffer.wrap(question.getData()).getLong(TRANSMIT));
                socket.send(new DatagramPacket(answer, HEADER, question.getSocketAddress()));
            }
        } catch (SocketException closed) {
            // The server is away.
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private byte[] answer(long origin) {
        var now = Instant.now().plus(ahead);
        long fraction = ((long) now.getNano() << 32) / 1_000_000_000L;
        long time = now.getEpochSecond() + SECONDS_FROM_1900_TO_1970 << 32 | fraction;
        var answer = ByteBuffer.allocate(HEADER);
        // Leap 0, version 4, mode 4; stratum 2, poll 6, precision 2^-20; root delay and dispersion of 1 ms.
        answer.put((byte) 0x24)
                .put((byte) 2)
                .put((byte) 6)
                .put((byte) -20)
                .putInt(65)
                .putInt(65)
                .putInt(0x7f000001);
        answer.putLong(time).putLong(origin).putLong(time).putLong(time);
        return answer.array();
    }

    /** Answers no more. */
    public void goAway() {
        socket.close();
    }

    @Override
    public void close() {
        goAway();
    }
}
