package org.countersign.server.time;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.commons.net.ntp.NtpV3Impl;
import org.apache.commons.net.ntp.NtpV3Packet;
import org.apache.commons.net.ntp.TimeStamp;

/** A small NTP server on a free port of the loopback address, whose answers can be bent. */
final class TestNtpServer implements AutoCloseable {

    /** What is done to a right answer before it is sent. */
    interface Bend extends Consumer<NtpV3Impl> {}

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final Duration ahead;
    private final AtomicInteger questions = new AtomicInteger();
    private volatile List<Bend> answers = List.of(answer -> {});

    /** @param ahead how far its time is from the machine's */
    TestNtpServer(Duration ahead) throws IOException {
        this.ahead = ahead;
        var thread = new Thread(this::serve, "ntp-server-of-a-test");
        thread.setDaemon(true);
        thread.start();
    }

    /** One answer each, in this order, to every question; none is silence. */
    TestNtpServer answering(Bend... bends) {
        answers = List.of(bends);
        return this;
    }

    int questions() {
        return questions.get();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        var question = new NtpV3Impl();
        try {
            while (true) {
                var datagram = question.getDatagramPacket();
                socket.receive(datagram);
                questions.incrementAndGet();
                for (Bend bend : answers) {
                    var answer = answer(question);
                    bend.accept(answer);
                    var bytes = answer.getDatagramPacket().getData();
                    socket.send(new DatagramPacket(bytes, bytes.length, datagram.getSocketAddress()));
                }
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private NtpV3Impl answer(NtpV3Packet question) {
        var now = TimeStamp.getNtpTime(System.currentTimeMillis() + ahead.toMillis());
        var answer = new NtpV3Impl();
        answer.setVersion(question.getVersion());
        answer.setMode(NtpV3Packet.MODE_SERVER);
        answer.setStratum(2);
        answer.setRootDelay(100);
        answer.setRootDispersion(100);
        answer.setReferenceTime(now);
        answer.setOriginateTimeStamp(question.getTransmitTimeStamp());
        answer.setReceiveTimeStamp(now);
        answer.setTransmitTime(now);
        return answer;
    }

    @Override
    public void close() {
        socket.close();
    }
}
