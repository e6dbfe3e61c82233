package org.countersign.signer.factors;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.apache.commons.codec.binary.Base32;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.specification.Rfc6238;

/** How a new OTP secret gets into the holder's authenticator: as text, as {@code otpauth} URI and as QR code. */
public final class OtpEnrolment {

    private static final int PIXELS = 300;
    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;

    private final String issuer;

    /** @param issuer what the authenticator shows above the code */
    public OtpEnrolment(String issuer) {
        this.issuer = issuer;
    }

    /**
     * What the holder needs.
     *
     * @param secret base32 without padding
     * @param uri {@code otpauth://totp/…}
     * @param qrCode base64 of a PNG showing the URI
     */
    public record Enrolled(String secret, String issuer, String user, String uri, String qrCode) {

        @Override
        public String toString() {
            return "an enrolled OTP";
        }
    }

    public Enrolled describe(byte[] secret, SeatName seat) {
        var base32 = new Base32().encodeAsString(secret).replace("=", "");
        var user = seat.toString();
        var uri = "otpauth://totp/" + encode(issuer) + ":" + encode(user) + "?secret=" + base32 + "&issuer="
                + encode(issuer) + "&algorithm=SHA1&digits=" + Rfc6238.DIGITS + "&period="
                + Rfc6238.TIME_STEP.toSeconds();
        return new Enrolled(base32, issuer, user, uri, Base64.getEncoder().encodeToString(png(uri)));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static byte[] png(String text) {
        try {
            var matrix = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, PIXELS, PIXELS);
            var bytes = new ByteArrayOutputStream();
            // In memory: ImageIO's own cache would put the secret into a temporary file.
            try (var out = new MemoryCacheImageOutputStream(bytes)) {
                ImageIO.write(image(matrix), "png", out);
            }
            return bytes.toByteArray();
        } catch (WriterException tooLong) {
            throw new IllegalStateException("A one-time password's URI does not fit into a QR code", tooLong);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static BufferedImage image(BitMatrix matrix) {
        var image = new BufferedImage(matrix.getWidth(), matrix.getHeight(), BufferedImage.TYPE_BYTE_BINARY);
        for (int y = 0; y < matrix.getHeight(); y++) {
            for (int x = 0; x < matrix.getWidth(); x++) {
                image.setRGB(x, y, matrix.get(x, y) ? BLACK : WHITE);
            }
        }
        return image;
    }
}
