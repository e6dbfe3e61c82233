package org.countersign.signer.factors;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.binary.Base32;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.specification.Rfc6238;
import org.countersign.server.web.QrCode;

/** How a new OTP secret gets into the holder's authenticator: as text, as {@code otpauth} URI and as QR code. */
public final class OtpEnrolment {

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
        return new Enrolled(base32, issuer, user, uri, QrCode.png(uri));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
