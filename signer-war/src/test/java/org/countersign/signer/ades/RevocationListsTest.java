package org.countersign.signer.ades;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import eu.europa.esig.dss.enumerations.CertificateStatus;
import eu.europa.esig.dss.model.x509.CertificateToken;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import org.countersign.signer.validation.ValidateDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationListsTest {

    private final RevocationAddresses addresses = new RevocationAddresses(
            List.of(URI.create("http://crl.example.com/lists/"), URI.create("https://ca.example/")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://crl.example.com/lists/a.crl",
                "http://crl.example.com/lists/b/c?d",
                "https://ca.example/a",
                "https://ca.example/",
                "https://ca.example"
            })
    void what_is_below_an_allowed_address_is_asked_for(String address) {
        assertThat(addresses.find(address)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://crl.example.com/a.crl",
                "http://crl.example.com",
                "http://evil.example?http://crl.example.com/lists/",
                "https://crl.example.com/lists/a.crl",
                "http://crl.example.com:81/lists/a.crl",
                "http://crl.example.com@evil.example/lists/a.crl",
                "http://crl.example.com.evil.example/lists/a.crl",
                "http://evil.example/lists/a.crl",
                "http://crl.example.com/lists/../a.crl",
                "http://crl.example.com/lists/%2e%2e/a.crl",
                "http://127.0.0.1/lists/a.crl",
                "file:///etc/passwd",
                "ldap://crl.example.com/lists/",
                "mailto:a@crl.example.com",
                "no address",
                ""
            })
    void nothing_else_is(String address) {
        assertThat(addresses.find(address)).isEmpty();
    }

    @TempDir
    private Path folder;

    /** One list for all that ask for the same document. */
    @Test
    void a_list_that_its_issuer_signed_is_taken() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var keys = generator.generateKeyPair();
        var requests = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            var list =
                    list(exchange.getRequestURI().getPath().equals("/other.crl") ? generator.generateKeyPair() : keys);
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
            exchange.close();
        });
        server.start();
        try {
            var address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            var allowing = new RevocationLists(new RevocationAddresses(List.of(URI.create(address))));
            var issuer = certificate(keys, null);
            var once = allowing.once();
            var certificate = certificate(keys, address + "right.crl");
            assertThat(once.getRevocationToken(certificate, issuer).getStatus()).isEqualTo(CertificateStatus.GOOD);
            assertThat(once.getRevocationToken(certificate, issuer).isValid()).isTrue();
            assertThat(requests).hasValue(1);
            assertThat(once.getRevocationToken(certificate(keys, address + "other.crl"), issuer))
                    .isNull();
            assertThat(new RevocationLists(addresses).getRevocationToken(certificate, issuer))
                    .isNull();
            assertThat(requests).hasValue(2);
        } finally {
            server.stop(0);
        }
    }

    /** Before anything is signed, and by the verifier that has it afterwards. */
    @Test
    void a_chain_is_asked_for_before_it_signs() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var keys = generator.generateKeyPair();
        var requests = new AtomicInteger();
        var revoked = new AtomicReference<>(BigInteger.ZERO);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            var list = list(keys, revoked.get());
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
            exchange.close();
        });
        server.start();
        try {
            var address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            var issuer = certificate(keys, null).getCertificate();
            var certificate = certificate(keys, address + "right.crl").getCertificate();
            var trust = new Trust(List.of(issuer), Optional.of(sources(address)));
            for (var chain : List.of(List.of(certificate, issuer), List.of(certificate))) {
                var verifier = trust.verifier();
                Revocation.requireNotRevoked(new CertificateChain(chain), verifier);
                Revocation.requireNotRevoked(new CertificateChain(chain), verifier);
            }
            assertThat(requests).hasValue(2);
            var chain = new CertificateChain(List.of(certificate, issuer));
            revoked.set(certificate.getSerialNumber());
            assertThatThrownBy(() -> Revocation.requireNotRevoked(chain, trust.verifier()))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("A certificate of the chain is revoked");
            var judged = new ValidateDocument(trust, Clock.systemUTC())
                    .validate(
                            Files.write(folder.resolve("certificate"), certificate.getEncoded()),
                            Optional.empty(),
                            false)
                    .certificates()
                    .get(0);
            assertThat(judged.subIndication()).isEqualTo("REVOKED_NO_POE");
            assertThat(judged.revokedAt()).isNotNull();
            assertThat(judged.revocationReason()).isEqualTo("KEY_COMPROMISE");
            var elsewhere = new Trust(List.of(issuer), Optional.of(sources("http://crl.example.com/")));
            assertThatThrownBy(() -> Revocation.requireNotRevoked(chain, elsewhere.verifier()))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("Nothing tells whether the certificates were revoked");
        } finally {
            server.stop(0);
        }
    }

    private static RevocationSources sources(String address) {
        return new RevocationSources(List.of(URI.create(address)), Entropy.system(), Clock.systemUTC());
    }

    private static final X500Name ISSUER = new X500Name("CN=issuer");

    private static byte[] list(KeyPair keys) {
        return list(keys, BigInteger.ZERO);
    }

    private static byte[] list(KeyPair keys, BigInteger revoked) {
        try {
            var now = Instant.now();
            return new X509v2CRLBuilder(ISSUER, Date.from(now.minusSeconds(60)))
                    .setNextUpdate(Date.from(now.plusSeconds(600)))
                    .addCRLEntry(revoked, Date.from(now.minusSeconds(60)), CRLReason.keyCompromise)
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
        } catch (IOException | OperatorCreationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static CertificateToken certificate(KeyPair keys, String list) throws Exception {
        var now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                ISSUER,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minusSeconds(600)),
                Date.from(now.plusSeconds(600)),
                list == null ? ISSUER : new X500Name("CN=one"),
                keys.getPublic());
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.cRLSign));
        if (list != null) {
            var name = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, list));
            builder.addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                new DistributionPoint(new DistributionPointName(name), null, null)
            }));
        }
        return new CertificateToken(new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))));
    }
}
