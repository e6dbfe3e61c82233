package org.countersign.signer.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that visible signatures have. */
class SignatureImageTest {

    @TempDir
    private Path folder;

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ProtocolException.class).hasMessageContaining(message);
    }

    static Path picture(Path folder, String format, int width, int height) throws IOException {
        var file = Files.createTempFile(folder, "picture", "");
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, file.toFile());
        return file;
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(Files.createTempFile(folder, "picture", ""), content);
    }

    @Test
    void pictures_have_a_size_and_are_what_they_say() throws IOException {
        var tooLarge = "image must have 1,000,000 bytes and 1,000,000 pixels at most";
        var malformed = "image must be a PNG, or a JPEG";
        for (var format : List.of("png", "jpg")) {
            SignatureImage.read(picture(folder, format, 1000, 1000));
            refused(() -> SignatureImage.read(picture(folder, format, 1001, 1000)), tooLarge);
            var cut = Files.readAllBytes(picture(folder, format, 100, 100));
            refused(() -> SignatureImage.read(file(Arrays.copyOf(cut, 60))), malformed);
        }
        refused(() -> SignatureImage.read(file(new byte[1_000_001])), tooLarge);
        refused(() -> SignatureImage.read(picture(folder, "gif", 10, 10)), malformed);
        refused(() -> SignatureImage.read(file(new byte[0])), malformed);
        refused(() -> SignatureImage.read(file("<svg/>".getBytes(StandardCharsets.UTF_8))), malformed);
    }

    /** Small files that say that they are large, or that do not say it. */
    @Test
    void pictures_that_unpack_to_much_are_refused_before_they_do() throws IOException {
        refused(
                () -> SignatureImage.read(file(png(60_000, 60_000, 10, ""))),
                "image must have 1,000,000 bytes and 1,000,000 pixels at most");
        refused(() -> SignatureImage.read(file(png(10, 10, 50_000_000, ""))), "image must be a PNG, or a JPEG");
        var text = SignatureImage.read(file(png(10, 10, 310, "zTXt")));
        assertThat(new String(text.content(), StandardCharsets.ISO_8859_1)).doesNotContain("zTXt");
    }

    /** Each scan goes through the whole picture once more. */
    @Test
    void jpegs_have_few_scans() throws IOException {
        var malformed = "JPEG of gray or RGB that is not progressive";
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        var progressive = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(progressive)) {
            writer.setOutput(out);
            var picture = new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB);
            writer.write(null, new IIOImage(picture, null, null), parameters);
        } finally {
            writer.dispose();
        }
        refused(() -> SignatureImage.read(file(progressive.toByteArray())), malformed);

        var content = latin(Files.readAllBytes(picture(folder, "jpg", 10, 10)));
        var scan = content.substring(content.indexOf("\u00ff\u00da"), content.length() - 2);
        var end = content.substring(content.length() - 2);
        var head = content.substring(0, content.indexOf(scan));
        JpegParts.kept(bytes(head + scan.repeat(4) + end));
        refused(() -> JpegParts.kept(bytes(head + scan.repeat(5) + end)), malformed);
        refused(() -> JpegParts.kept(bytes(head + end)), malformed);
        refused(() -> JpegParts.kept(bytes(head + scan)), malformed);
    }

    @Test
    void what_a_camera_wrote_about_a_jpeg_stays_out() throws IOException {
        var content = latin(Files.readAllBytes(picture(folder, "jpg", 10, 10)));
        var secret = new StringBuilder();
        for (char marker = 0xe1; marker <= 0xef; marker++) {
            if (marker != 0xee) {
                secret.append((char) 0xff).append(marker).append("\0\u0008secret");
            }
        }
        // JFIF's and Adobe's own, which are kept when they have no more than they need.
        secret.append("\u00ff\u00e0\0\rJFXX\0secret").append("\u00ff\u00ee\0\u0008secret");
        var full =
                content.substring(0, 2) + secret + "\u00ff\u00ff\u00fe\0\u0008secret" + content.substring(2) + "secret";
        var image = SignatureImage.read(file(bytes(full)));
        assertThat(latin(image.content())).isEqualTo(content);
    }

    private static String latin(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Of RGB. @param other the name of one part more */
    private static byte[] png(int width, int height, int unpacked, String other) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        part(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) 8)
                        .put((byte) 2)
                        .array());
        if (!other.isEmpty()) {
            part(out, other, new byte[] {'a', 0, 0, 1});
        }
        var data = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(data)) {
            deflater.write(new byte[unpacked]);
        }
        part(out, "IDAT", data.toByteArray());
        part(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void part(ByteArrayOutputStream out, String name, byte[] content) throws IOException {
        var checksum = new CRC32();
        checksum.update(name.getBytes(StandardCharsets.US_ASCII));
        checksum.update(content);
        out.write(ByteBuffer.allocate(4).putInt(content.length).array());
        out.write(name.getBytes(StandardCharsets.US_ASCII));
        out.write(content);
        out.write(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }
}
