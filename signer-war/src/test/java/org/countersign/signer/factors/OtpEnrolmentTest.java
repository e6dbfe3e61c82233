package org.countersign.signer.factors;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.apache.commons.codec.binary.Base32;
import org.countersign.core.oauth2.SeatName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtpEnrolmentTest {

    private final byte[] secret = "12345678901234567890".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvSource({"jdoe, jdoe%40acme", "j@x.org, j%40x.org%40acme", "jürgen&secret=A?, j%C3%BCrgen%26secret%3DA%3F%40acme"
    })
    void the_qr_code_shows_the_uri_and_the_uri_the_secret(String seat, String encoded) throws Exception {
        var enrolled = new OtpEnrolment("Countersign").describe(secret, new SeatName(seat, "acme"));
        assertThat(enrolled.user()).isEqualTo(seat + "@acme");
        assertThat(new Base32().decode(enrolled.secret())).isEqualTo(secret);
        assertThat(enrolled.uri())
                .isEqualTo("otpauth://totp/Countersign:" + encoded + "?secret=" + enrolled.secret()
                        + "&issuer=Countersign&algorithm=SHA1&digits=6&period=30");
        assertThat(decoded(enrolled.qrCode())).isEqualTo(enrolled.uri());
        assertThat(enrolled.toString()).doesNotContain(enrolled.secret());
    }

    @ParameterizedTest
    @CsvSource({"128"})
    void the_longest_seat_fits(int length) throws Exception {
        var enrolled =
                new OtpEnrolment("Countersign").describe(secret, new SeatName("€".repeat(length), "t".repeat(64)));
        assertThat(decoded(enrolled.qrCode())).isEqualTo(enrolled.uri());
    }

    private static String decoded(String png) throws Exception {
        var image = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(png)));
        var pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        var source = new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels);
        return new QRCodeReader()
                .decode(new BinaryBitmap(new HybridBinarizer(source)))
                .getText();
    }
}
