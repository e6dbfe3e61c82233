package org.countersign.systemtests.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.util.CollectionStore;

/** A root and an issuing authority below it. */
public final class TestAuthority {

    private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());
    private static final Duration LIFE = Duration.ofDays(30);
    /** RFC 5612: of examples. */
    private static final ASN1ObjectIdentifier NOTHING = new ASN1ObjectIdentifier("1.3.6.1.4.1.32473.1");

    private final KeyPair rootKeys = keys();
    private final KeyPair issuingKeys = keys();
    private final X509CertificateHolder root;
    private final X509CertificateHolder issuing;

    /** Where its lists of revoked certificates are, if they are published. */
    private final Optional<HttpServer> lists;

    /** @param name in the names of its certificates */
    public TestAuthority(String name) {
        this(name, Optional.empty());
    }

    private TestAuthority(String name, Optional<HttpServer> lists) {
        this.lists = lists;
        var rootName = new X500Name("CN=" + name + " root");
        var now = Instant.now();
        var from = now.minus(Duration.ofDays(1));
        this.root = certificate(rootName, rootKeys, rootName, info(rootKeys), from, now.plus(LIFE), true);
        this.issuing = certificate(
                rootName,
                rootKeys,
                new X500Name("CN=" + name + " issuing"),
                info(issuingKeys),
                from,
                now.plus(LIFE),
                true);
    }

    /** One whose certificates tell where its lists of revoked certificates are, which are there. */
    public static TestAuthority publishing(String name) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var authority = new TestAuthority(name, Optional.of(server));
            server.createContext("/", authority::publish);
            server.start();
            return authority;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Of the lists; it ends with a slash. */
    String address() {
        return "http://127.0.0.1:" + lists.orElseThrow().getAddress().getPort() + "/";
    }

    public void stop() {
        lists.ifPresent(server -> server.stop(0));
    }

    private void publish(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean ofRoot = exchange.getRequestURI().getPath().equals("/root.crl");
            var now = Instant.now();
            var list = new X509v2CRLBuilder(
                            ofRoot ? root.getSubject() : issuing.getSubject(),
                            Date.from(now.minus(Duration.ofMinutes(1))))
                    .setNextUpdate(Date.from(now.plus(LIFE)))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .build((ofRoot ? rootKeys : issuingKeys).getPrivate()))
                    .getEncoded();
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
        } catch (OperatorCreationException everyJavaHasIt) {
            throw new IOException(everyJavaHasIt);
        }
    }

    public String rootPem() {
        return pem(root);
    }

    public X509CertificateHolder root() {
        return root;
    }

    public X509CertificateHolder issuing() {
        return issuing;
    }

    /** @param csr PKCS#10 in PEM, whose own signature is checked by {@link OpenSsl} */
    public X509CertificateHolder issue(String csr) {
        return issue(
                csr, Instant.now().minus(Duration.ofMinutes(5)), Instant.now().plus(LIFE));
    }

    public X509CertificateHolder issue(String csr, Instant from, Instant until) {
        var request = request(csr);
        return certificate(
                issuing.getSubject(),
                issuingKeys,
                request.getSubject(),
                request.getSubjectPublicKeyInfo(),
                from,
                until,
                false);
    }

    /** With another use than that of signing, or as an authority. */
    public X509CertificateHolder issue(String csr, boolean asAuthority, int usage) {
        var request = request(csr);
        var now = Instant.now();
        return certificate(
                issuing.getSubject(),
                issuingKeys,
                request.getSubject(),
                request.getSubjectPublicKeyInfo(),
                now.minus(Duration.ofMinutes(5)),
                now.plus(LIFE),
                asAuthority,
                usage,
                0);
    }

    /** End entity, two authorities and root; each but the root has so many bytes more. */
    public List<X509CertificateHolder> longChain(String csr, int bytes) {
        var from = Instant.now().minus(Duration.ofMinutes(5));
        var until = from.plus(LIFE);
        var upperName = new X500Name("CN=Upper");
        var lowerName = new X500Name("CN=Lower");
        var upperKeys = keys();
        var lowerKeys = keys();
        var request = request(csr);
        return List.of(
                certificate(
                        lowerName,
                        lowerKeys,
                        request.getSubject(),
                        request.getSubjectPublicKeyInfo(),
                        from,
                        until,
                        false,
                        usage(false),
                        bytes),
                certificate(upperName, upperKeys, lowerName, info(lowerKeys), from, until, true, usage(true), bytes),
                certificate(
                        root.getSubject(), rootKeys, upperName, info(upperKeys), from, until, true, usage(true), bytes),
                root);
    }

    /** End entity, issuing authority and root in one envelope. */
    public String pkcs7(X509CertificateHolder endEntity) {
        return pkcs7(List.of(endEntity, issuing, root));
    }

    public static String pkcs7(List<X509CertificateHolder> certificates) {
        try {
            var generator = new CMSSignedDataGenerator();
            generator.addCertificates(new CollectionStore<>(certificates));
            return pem(generator.generate(new CMSAbsentContent(), false).toASN1Structure());
        } catch (CMSException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static PKCS10CertificationRequest request(String csr) {
        try (var parser = new PEMParser(new StringReader(csr))) {
            return (PKCS10CertificationRequest) parser.readObject();
        } catch (IOException malformed) {
            throw new AssertionError("The answer is no request for a certificate: " + csr, malformed);
        }
    }

    public static String pem(Object object) {
        try {
            var text = new StringWriter();
            try (var writer = new JcaPEMWriter(text)) {
                writer.writeObject(object);
            }
            return text.toString();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private X509CertificateHolder certificate(
            X500Name issuer,
            KeyPair issuerKeys,
            X500Name subject,
            SubjectPublicKeyInfo key,
            Instant from,
            Instant until,
            boolean authority) {
        return certificate(issuer, issuerKeys, subject, key, from, until, authority, usage(authority), 0);
    }

    private static int usage(boolean authority) {
        return authority
                ? KeyUsage.keyCertSign | KeyUsage.cRLSign
                : KeyUsage.digitalSignature | KeyUsage.nonRepudiation;
    }

    /** @param more bytes of an extension that says nothing */
    private X509CertificateHolder certificate(
            X500Name issuer,
            KeyPair issuerKeys,
            X500Name subject,
            SubjectPublicKeyInfo key,
            Instant from,
            Instant until,
            boolean authority,
            int usage,
            int more) {
        try {
            var builder = new X509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(from),
                    Date.from(until),
                    subject,
                    key);
            // RFC 5280 §4.2.1.1, §4.2.1.2
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(info(issuerKeys)));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            if (more > 0) {
                builder.addExtension(NOTHING, false, new DEROctetString(new byte[more]));
            }
            if (lists.isPresent() && !issuer.equals(subject)) {
                var list = address() + (issuerKeys == rootKeys ? "root.crl" : "issuing.crl");
                var name = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, list));
                builder.addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                    new DistributionPoint(new DistributionPointName(name), null, null)
                }));
            }
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate()));
        } catch (IOException | GeneralSecurityException | OperatorCreationException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static SubjectPublicKeyInfo info(KeyPair keys) {
        return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
