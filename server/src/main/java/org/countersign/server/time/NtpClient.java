package org.countersign.server.time;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.commons.net.ntp.NtpV3Impl;
import org.apache.commons.net.ntp.NtpV3Packet;
import org.apache.commons.net.ntp.TimeStamp;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.specification.Rfc5905;
import org.countersign.server.time.NtpException.Reason;

/**
 * Asks an NTP server for the time, once per call (RFC 5905, client mode). The message format is Commons Net's; its
 * client is not used, since it sends the machine's time, which can be guessed, from a socket that listens to anybody:
 * here the origin is 64 random bits, and only datagrams of the asked address and port are received. What comes with
 * another origin answers something else and is passed over.
 */
final class NtpClient {

    private static final int HEADER = 48;
    private static final int LARGEST = 1_024;
    /** Rounding to milliseconds and a server that takes its two times coarsely; no round trip is really negative. */
    private static final Duration LEAST_DELAY = Duration.ofMillis(-10);

    private final NtpSettings settings;
    private final Clock machine;
    private final Entropy entropy;

    NtpClient(NtpSettings settings, Clock machine, Entropy entropy) {
        this.settings = settings;
        this.machine = machine;
        this.entropy = entropy;
    }

    /**
     * What has to be added to the machine's clock; exact to half the time the exchange took.
     *
     * @throws NtpException when no answer came in time, or none that can be used
     */
    Duration offset() throws NtpException {
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()));
            var origin =
                    new TimeStamp(ByteBuffer.wrap(entropy.bytes(Long.BYTES)).getLong() | 1);
            var question = new NtpV3Impl();
            question.setVersion(NtpV3Packet.VERSION_4);
            question.setMode(NtpV3Packet.MODE_CLIENT);
            question.setTransmitTime(origin);
            long sentAt = machine.millis();
            long sent = System.nanoTime();
            socket.send(question.getDatagramPacket());
            var answer = answer(socket, origin, sent);
            // By the monotonic clock: somebody may set the machine's meanwhile.
            long receivedAt =
                    sentAt + Duration.ofNanos(System.nanoTime() - sent).toMillis();
            return offset(answer, sentAt, receivedAt);
        } catch (SocketTimeoutException silence) {
            throw new NtpException(
                    Reason.NO_ANSWER,
                    "it did not answer within " + settings.timeout().toSeconds() + " s");
        } catch (IOException unreachable) {
            throw new NtpException(Reason.NO_ANSWER, "it can not be reached");
        }
    }

    private NtpV3Packet answer(DatagramSocket socket, TimeStamp origin, long sent) throws IOException {
        while (true) {
            var left = settings.timeout().minusNanos(System.nanoTime() - sent);
            if (left.toMillis() <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) left.toMillis());
            var datagram = new DatagramPacket(new byte[LARGEST], LARGEST);
            socket.receive(datagram);
            var answer = read(datagram);
            if (answer.isPresent() && answer.get().getOriginateTimeStamp().equals(origin)) {
                return answer.get();
            }
        }
    }

    private static Optional<NtpV3Packet> read(DatagramPacket datagram) {
        if (datagram.getLength() < HEADER) {
            return Optional.empty();
        }
        var message = new NtpV3Impl();
        message.setDatagramPacket(datagram);
        return Optional.of(message);
    }

    /** RFC 5905 §8 and §A.5.1.1: the tests of a header, then offset and delay from the four times. */
    private Duration offset(NtpV3Packet answer, long sentAt, long receivedAt) throws NtpException {
        require(answer.getMode() == NtpV3Packet.MODE_SERVER, "its answer is not of mode 4, server");
        if (answer.getStratum() == 0) {
            throw kissOfDeath(answer);
        }
        require(answer.getStratum() <= Rfc5905.MAX_STRATUM, "it is not synchronised: its stratum is over 15");
        require(answer.getLeapIndicator() != NtpV3Packet.LI_ALARM_CONDITION, "it is not synchronised: leap is 3");
        require(
                answer.getTransmitTimeStamp().ntpValue() != 0
                        && answer.getReceiveTimeStamp().ntpValue() != 0,
                "its answer has no time");
        double distance = seconds(answer.getRootDelay()) / 2 + seconds(answer.getRootDispersion());
        require(
                distance < Rfc5905.MAX_DISPERSION.toSeconds(),
                "it is not synchronised: 16 s or more from its source of time");
        long received = answer.getReceiveTimeStamp().getTime();
        long transmitted = answer.getTransmitTimeStamp().getTime();
        require(transmitted >= received, "it answered before it was asked");
        require(
                answer.getReferenceTimeStamp().ntpValue() == 0
                        || answer.getReferenceTimeStamp().getTime() <= transmitted,
                "it was last set after it answered");
        var delay = Duration.ofMillis(receivedAt - sentAt - (transmitted - received));
        require(delay.compareTo(LEAST_DELAY) >= 0, "its answer claims to have taken longer than it did");
        var offset = Duration.ofMillis((received - sentAt + transmitted - receivedAt) / 2);
        if (offset.abs().compareTo(settings.maxOffset()) > 0) {
            throw new NtpException(
                    Reason.TOO_FAR,
                    "its time is " + offset.toSeconds() + " s from the machine's, more than the "
                            + settings.maxOffset().toSeconds() + " s of maxOffsetInSeconds");
        }
        return offset;
    }

    private static NtpException kissOfDeath(NtpV3Packet answer) {
        // Four letters of ASCII, but from outside: compared, never shown.
        return switch (answer.getReferenceIdString()) {
            case Rfc5905.KISS_RATE -> new NtpException(Reason.LESS_OFTEN, "it asks to be asked less often");
            case Rfc5905.KISS_DENY, Rfc5905.KISS_RESTRICT ->
                new NtpException(Reason.NEVER_AGAIN, "it refuses to be asked, and is asked no more until a restart");
            default -> new NtpException(Reason.UNUSABLE, "it sent a kiss-o'-death");
        };
    }

    /** The short format is unsigned. */
    private static double seconds(int shortFormat) {
        return Integer.toUnsignedLong(shortFormat) / Rfc5905.SHORT_FORMAT;
    }

    private static void require(boolean condition, String otherwise) throws NtpException {
        if (!condition) {
            throw new NtpException(Reason.UNUSABLE, otherwise);
        }
    }
}
