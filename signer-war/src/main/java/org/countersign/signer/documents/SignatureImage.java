package org.countersign.signer.documents;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.countersign.core.error.ProtocolException;

/**
 * A picture for a visible signature: PNG or JPEG. Its size is read first, and nothing is unpacked that is larger than it says. Only what the
 * picture is made of is kept: texts and color profiles of a PNG are packed by themselves, and a camera's say where it was.
 *
 * @param content of the file that goes into the PDF
 * @param isPng or else a JPEG
 * @param ratio of its width to its height
 */
record SignatureImage(byte[] content, boolean isPng, double ratio) {

    static final int LONGEST = 1_000_000;
    private static final int MOST_PIXELS = 1_000_000;
    private static final int MOST_BYTES_OF_PIXEL = 8;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
    private static final Set<String> KEPT = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
    private static final int HEADER = 13;
    /** Length, name and checksum. */
    private static final int AROUND = 12;

    private static final int BUFFER = 1 << 13;

    /** @throws ProtocolException {@code invalid_request} unless it is such a picture, of one million pixels at most */
    static SignatureImage read(Path file) {
        byte[] content;
        try {
            if (Files.size(file) > LONGEST) {
                throw tooLarge();
            }
            content = Files.readAllBytes(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        if (begins(content, PNG)) {
            var kept = strippedPng(content);
            return new SignatureImage(kept, true, readableRatio(kept, "png"));
        }
        if (begins(content, JPEG)) {
            var kept = JpegParts.kept(content);
            return new SignatureImage(kept, false, readableRatio(kept, "jpeg"));
        }
        throw malformed();
    }

    private static boolean begins(byte[] content, byte[] with) {
        return content.length > with.length && Arrays.equals(content, 0, with.length, with, 0, with.length);
    }

    private static byte[] strippedPng(byte[] content) {
        var out = new ByteArrayOutputStream(content.length);
        out.writeBytes(PNG);
        var packed = new ByteArrayOutputStream(content.length);
        long pixels = 0;
        String name = "";
        var in = ByteBuffer.wrap(content, PNG.length, content.length - PNG.length);
        while (!name.equals("IEND")) {
            if (in.remaining() < AROUND || in.getInt(in.position()) < 0) {
                throw malformed();
            }
            int begin = in.position();
            int length = in.getInt();
            if (length > in.remaining() - Integer.BYTES * 2) {
                throw malformed();
            }
            name = new String(content, in.position(), Integer.BYTES, StandardCharsets.ISO_8859_1);
            int data = in.position() + Integer.BYTES;
            if (pixels == 0 != name.equals("IHDR") || name.equals("IHDR") && length != HEADER) {
                throw malformed();
            }
            if (name.equals("IHDR")) {
                pixels = pixels(in.getInt(data), in.getInt(data + Integer.BYTES));
            } else if (name.equals("IDAT")) {
                packed.write(content, data, length);
            }
            if (KEPT.contains(name)) {
                out.write(content, begin, length + AROUND);
            }
            in.position(begin + length + AROUND);
        }
        requireUnpacksToLittle(packed.toByteArray(), pixels);
        return out.toByteArray();
    }

    /** @throws ProtocolException when there are too many, or none */
    private static long pixels(int width, int height) {
        if (width <= 0 || height <= 0) {
            throw malformed();
        }
        if ((long) width * height > MOST_PIXELS) {
            throw tooLarge();
        }
        return (long) width * height;
    }

    /** Each line has one byte more, and an interlaced picture more lines. */
    private static void requireUnpacksToLittle(byte[] packed, long pixels) {
        long left = pixels * (MOST_BYTES_OF_PIXEL + 2) + BUFFER;
        var inflater = new Inflater();
        try {
            inflater.setInput(packed);
            var buffer = new byte[BUFFER];
            while (!inflater.finished()) {
                int some = inflater.inflate(buffer);
                left -= some;
                if (left < 0 || some == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw malformed();
                }
            }
        } catch (DataFormatException broken) {
            throw malformed();
        } finally {
            inflater.end();
        }
    }

    private static double readableRatio(byte[] content, String format) {
        var readers = ImageIO.getImageReadersByFormatName(format);
        if (!readers.hasNext()) {
            throw new IllegalStateException("This Java reads no " + format);
        }
        var reader = readers.next();
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            reader.setInput(in, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            pixels(width, height);
            BufferedImage picture = reader.read(0);
            picture.flush();
            return (double) width / height;
        } catch (IOException | RuntimeException broken) {
            if (broken instanceof ProtocolException refusal) {
                throw refusal;
            }
            throw malformed();
        } finally {
            reader.dispose();
        }
    }

    static ProtocolException tooLarge() {
        return ProtocolException.invalidRequest("image must have 1,000,000 bytes and 1,000,000 pixels at most");
    }

    static ProtocolException malformed() {
        return ProtocolException.invalidRequest(
                "image must be a PNG, or a JPEG of gray or RGB that is not progressive");
    }
}
