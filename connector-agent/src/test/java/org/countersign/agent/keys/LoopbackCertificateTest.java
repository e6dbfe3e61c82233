package org.countersign.agent.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.countersign.agent.RunningAgent;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.core.x509.CertificatePem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackCertificateTest {

    private static final Clock CLOCK = Clock.systemUTC();
    private static final List<String> NAMES = List.of("localhost");

    @TempDir
    Path folder;

    private LoopbackCertificate open() {
        return open(folder);
    }

    private static LoopbackCertificate open(Path folder) {
        return LoopbackCertificate.open(PrivateFolder.open(folder), NAMES, new Entropy(new SecureRandom()), CLOCK);
    }

    @Test
    void a_key_that_a_kill_left_without_its_certificate_is_replaced(@TempDir Path other) throws Exception {
        var first = open();
        assertThat(open().inForce()).isEqualTo(first.inForce());
        open(other);
        Files.copy(
                other.resolve("loopback-key.der"),
                folder.resolve("loopback-key.der"),
                StandardCopyOption.REPLACE_EXISTING);
        var again = open();
        assertThat(again.inForce()).isNotEqualTo(first.inForce());
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(again.privateKey());
        var signed = signature.sign();
        signature.initVerify(again.inForce().getPublicKey());
        assertThat(signature.verify(signed)).isTrue();
    }

    @Test
    void a_key_that_can_not_be_kept_stops_the_start_and_is_named() throws Exception {
        Files.createDirectories(folder.resolve("loopback-key.der").resolve("taken"));
        assertThatThrownBy(() -> RunningAgent.start(folder).close())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("loopback-key.der");
    }

    @Test
    void a_start_does_not_write_the_authority_anew() throws Exception {
        open();
        var authority = folder.resolve("loopback-authority.pem");
        var once = Files.readAttributes(authority, BasicFileAttributes.class).fileKey();
        open();
        assertThat(Files.readAttributes(authority, BasicFileAttributes.class).fileKey())
                .isEqualTo(once);
    }

    @Test
    void the_authority_in_its_file_is_that_of_the_certificate_in_force() throws Exception {
        var chain = service(open());
        var authority = folder.resolve("loopback-authority.pem");
        var own = Files.readString(authority);
        assertThat(open().take(chain, CLOCK.instant())).isTrue();
        assertThat(Files.readString(authority)).isEqualTo(CertificatePem.write(chain.get(1)));
        // As a kill between the two files leaves it.
        Files.writeString(authority, own);
        assertThat(open().inForce()).isEqualTo(chain.get(0));
        assertThat(Files.readString(authority)).isEqualTo(CertificatePem.write(chain.get(1)));
    }

    @Test
    void a_certificate_that_can_not_be_kept_is_not_used() throws Exception {
        var loopback = open();
        var own = loopback.inForce();
        // Not to be replaced by a file.
        Files.createDirectories(folder.resolve("loopback-service-chain.pem/full"));
        var chain = service(loopback);
        assertThatThrownBy(() -> loopback.take(chain, CLOCK.instant())).isInstanceOf(UncheckedIOException.class);
        assertThat(loopback.inForce()).isEqualTo(own);
    }

    /** As the distribution service issues one for the same key. */
    private static List<X509Certificate> service(LoopbackCertificate loopback) throws Exception {
        var authority = KeyPairGenerator.getInstance("EC").generateKeyPair();
        var name = new X500Name("CN=Service");
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate());
        var own = builder(name, new X500Name("CN=Device"), loopback.inForce().getPublicKey(), 2)
                .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
        var above = builder(name, name, authority.getPublic(), 1)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        return List.of(
                CertificateEncoding.decode(own.build(signer).getEncoded()),
                CertificateEncoding.decode(above.build(signer).getEncoded()));
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, java.security.PublicKey key, long serial) {
        var now = CLOCK.instant();
        return new JcaX509v3CertificateBuilder(
                issuer,
                java.math.BigInteger.valueOf(serial),
                java.util.Date.from(now.minus(Duration.ofDays(1))),
                java.util.Date.from(now.plus(Duration.ofDays(30))),
                subject,
                key);
    }
}
