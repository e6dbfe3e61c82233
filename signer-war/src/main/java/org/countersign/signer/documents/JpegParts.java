package org.countersign.signer.documents;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * The parts of a JPEG (ITU-T T.81 Annex B). Kept are those that the picture is made of; what a camera or a program wrote about it, and what
 * follows its end, is not. Only sequential ones by Huffman have an end to what reading them costs: each component comes once.
 */
final class JpegParts {

    private static final int MOST_SCANS = 4;
    private static final int BYTE = 0xff;
    private static final int MARKER = 2;

    private static final int SOF0 = 0xc0;
    private static final int SOF1 = 0xc1;
    private static final int DHT = 0xc4;
    private static final int RST0 = 0xd0;
    private static final int RST7 = 0xd7;
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int DQT = 0xdb;
    private static final int DRI = 0xdd;
    /** JFIF. */
    private static final int APP0 = 0xe0;
    /** Adobe's, which says what the components are. */
    private static final int APP14 = 0xee;

    private static final int APP15 = 0xef;
    private static final int COM = 0xfe;

    /** Of JFIF's segment without a thumbnail. */
    private static final int JFIF = 16;
    /** Of Adobe's, which has nothing else. */
    private static final int ADOBE = 14;

    private final ByteBuffer in;
    private final ByteArrayOutputStream out;
    private int frames;
    private int scans;

    private JpegParts(byte[] content) {
        this.in = ByteBuffer.wrap(content);
        this.out = new ByteArrayOutputStream(content.length);
    }

    /** @throws org.countersign.core.error.ProtocolException {@code invalid_request} unless it is such a picture */
    static byte[] kept(byte[] content) {
        var parts = new JpegParts(content);
        if (parts.marker() != SOI) {
            throw SignatureImage.malformed();
        }
        parts.write(SOI);
        int marker;
        do {
            marker = parts.marker();
            parts.take(marker);
        } while (marker != EOI);
        if (parts.scans == 0) {
            throw SignatureImage.malformed();
        }
        return parts.out.toByteArray();
    }

    private void take(int marker) {
        switch (marker) {
            case EOI -> write(EOI);
            case SOF0, SOF1 -> {
                require(++frames == 1);
                segment(marker, true);
            }
            case SOS -> {
                require(frames == 1 && ++scans <= MOST_SCANS);
                segment(marker, true);
                scan();
            }
            case DHT, DQT, DRI -> segment(marker, true);
            case APP0 -> segment(marker, lengthOfSegment() == JFIF);
            case APP14 -> segment(marker, lengthOfSegment() == ADOBE);
            default -> {
                require(marker == COM || marker > APP0 && marker <= APP15);
                segment(marker, false);
            }
        }
    }

    private int marker() {
        require(in.remaining() >= MARKER && next() == BYTE);
        int marker = next();
        // Any number of them may come before (B.1.1.2).
        while (marker == BYTE) {
            require(in.hasRemaining());
            marker = next();
        }
        return marker;
    }

    private int next() {
        return in.get() & BYTE;
    }

    private void write(int marker) {
        out.write(BYTE);
        out.write(marker);
    }

    /** The length counts itself. */
    private int lengthOfSegment() {
        require(in.remaining() >= Short.BYTES);
        return Short.toUnsignedInt(in.getShort(in.position()));
    }

    private void segment(int marker, boolean keep) {
        int begin = in.position();
        int length = lengthOfSegment();
        require(length >= Short.BYTES && length <= in.remaining());
        in.position(begin + length);
        if (keep) {
            write(marker);
            out.write(in.array(), begin, length);
        }
    }

    /** Ends before the next marker that is neither a zero byte nor a restart. */
    private void scan() {
        int begin = in.position();
        while (in.remaining() >= MARKER) {
            int following = in.get(in.position() + 1) & BYTE;
            if ((in.get(in.position()) & BYTE) == BYTE && following != 0 && (following < RST0 || following > RST7)) {
                out.write(in.array(), begin, in.position() - begin);
                return;
            }
            in.position(in.position() + 1);
        }
        throw SignatureImage.malformed();
    }

    private static void require(boolean right) {
        if (!right) {
            throw SignatureImage.malformed();
        }
    }
}
