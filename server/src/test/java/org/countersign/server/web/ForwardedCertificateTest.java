package org.countersign.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class ForwardedCertificateTest {

    private static X509Certificate selfSigned() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var keys = generator.generateKeyPair();
        var name = new X500Name("CN=shop");
        var now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now),
                                Date.from(now.plusSeconds(60)),
                                name,
                                keys.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE-----\n";
    }

    @Test
    void it_is_read_as_rfc_9440_has_it() throws Exception {
        var certificate = selfSigned();
        var value = ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
        assertThat(ForwardedCertificate.certificate(value)).contains(certificate);
    }

    @Test
    void it_is_read_as_nginx_writes_it() throws Exception {
        // Often enough for a plus and a slash to be among the characters.
        for (int i = 0; i < 5; i++) {
            var certificate = selfSigned();
            var escaped = URLEncoder.encode(pem(certificate.getEncoded()), StandardCharsets.US_ASCII)
                    .replace("+", "%20");
            assertThat(ForwardedCertificate.certificate(escaped)).contains(certificate);
            assertThat(ForwardedCertificate.certificate(escaped.replace("%2B", "+")))
                    .contains(certificate);
        }
    }

    @Test
    void anything_else_is_none() throws Exception {
        var der = selfSigned().getEncoded();
        var base64 = Base64.getEncoder().encodeToString(der);
        for (var wrong : List.of(
                "",
                "%",
                "ab".repeat(32),
                base64,
                ":" + base64,
                "::",
                ":" + base64.substring(0, 40) + ":",
                ":AAAA:",
                pem(new byte[] {1, 2, 3}),
                pem(der) + pem(der),
                "x".repeat(20_000))) {
            assertThat(ForwardedCertificate.certificate(wrong)).as(wrong).isEmpty();
        }
        assertThat(ForwardedCertificate.certificate(null)).isEmpty();
    }
}
