package org.countersign.signer.ades;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import eu.europa.esig.dss.enumerations.CertificateStatus;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.OCSPToken;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificateChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 6960 §3.2: what a responder's answer must have. */
class RevocationRespondersTest {

    private static final X500Name ISSUER = new X500Name("CN=issuer");

    private final Clock clock = Clock.systemUTC();
    private final AtomicInteger requests = new AtomicInteger();
    private KeyPair keys;
    private CertificateToken issuer;
    private CertificateToken certificate;
    private HttpServer server;
    private String address;

    /** What the responder answers, all of it right until a test changes it. */
    private volatile Answer answer;

    /** What it says once more, of the same certificate. */
    private volatile org.bouncycastle.cert.ocsp.CertificateStatus[] more = {};

    private volatile byte[] list = {};

    private record Answer(
            int status,
            Optional<byte[]> nonce,
            boolean echoes,
            Duration thisUpdate,
            Optional<Duration> nextUpdate,
            org.bouncycastle.cert.ocsp.CertificateStatus told,
            Optional<BigInteger> serial,
            KeyPair signer,
            Optional<X509Certificate> delegated,
            int padding) {

        Answer by(KeyPair other, X509Certificate delegate) {
            return new Answer(
                    status,
                    nonce,
                    echoes,
                    thisUpdate,
                    nextUpdate,
                    told,
                    serial,
                    other,
                    Optional.ofNullable(delegate),
                    padding);
        }

        Answer times(Duration since, Duration until) {
            return new Answer(
                    status, nonce, echoes, since, Optional.ofNullable(until), told, serial, signer, delegated, padding);
        }

        Answer nonce(byte[] other) {
            return new Answer(
                    status,
                    Optional.ofNullable(other),
                    false,
                    thisUpdate,
                    nextUpdate,
                    told,
                    serial,
                    signer,
                    delegated,
                    padding);
        }

        Answer telling(org.bouncycastle.cert.ocsp.CertificateStatus other) {
            return new Answer(status, nonce, echoes, thisUpdate, nextUpdate, other, serial, signer, delegated, padding);
        }

        Answer about(BigInteger other) {
            return new Answer(
                    status,
                    nonce,
                    echoes,
                    thisUpdate,
                    nextUpdate,
                    told,
                    Optional.of(other),
                    signer,
                    delegated,
                    padding);
        }

        Answer status(int other) {
            return new Answer(other, nonce, echoes, thisUpdate, nextUpdate, told, serial, signer, delegated, padding);
        }

        Answer padded(int bytes) {
            return new Answer(status, nonce, echoes, thisUpdate, nextUpdate, told, serial, signer, delegated, bytes);
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] body;
            try {
                assertThat(exchange.getRequestMethod()).isEqualTo("POST");
                assertThat(exchange.getRequestHeaders().getFirst("Content-Type"))
                        .isEqualTo("application/ocsp-request");
                body = respond(new OCSPReq(exchange.getRequestBody().readAllBytes()), answer);
            } catch (Exception failure) {
                throw new IOException(failure);
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/list", exchange -> {
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
            exchange.close();
        });
        server.start();
        address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        keys = keys();
        issuer = new CertificateToken(certificate(ISSUER, keys, keys, null, null, Duration.ofHours(1), lists()));
        certificate = new CertificateToken(certificate(new X500Name("CN=one"), keys(), keys, address + "ocsp", null));
        answer = new Answer(
                OCSPRespBuilder.SUCCESSFUL,
                Optional.empty(),
                true,
                Duration.ofMinutes(-1),
                Optional.of(Duration.ofHours(1)),
                org.bouncycastle.cert.ocsp.CertificateStatus.GOOD,
                Optional.empty(),
                keys,
                Optional.empty(),
                0);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static Extension lists() throws IOException {
        return new Extension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.cRLSign | KeyUsage.keyCertSign).getEncoded());
    }

    private static KeyPair keys() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(
            X500Name subject, KeyPair own, KeyPair signer, String responder, KeyPurposeId purpose) throws Exception {
        return certificate(subject, own, signer, responder, purpose, Duration.ofHours(1));
    }

    private static X509Certificate certificate(
            X500Name subject,
            KeyPair own,
            KeyPair signer,
            String responder,
            KeyPurposeId purpose,
            Duration until,
            Extension... others)
            throws Exception {
        var now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                ISSUER,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(until)),
                subject,
                own.getPublic());
        if (responder != null) {
            builder.addExtension(
                    Extension.authorityInfoAccess,
                    false,
                    new AuthorityInformationAccess(
                            AccessDescription.id_ad_ocsp,
                            new GeneralName(GeneralName.uniformResourceIdentifier, responder)));
        }
        if (purpose != null) {
            builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
        }
        for (var other : others) {
            builder.addExtension(other);
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    }

    private byte[] respond(OCSPReq request, Answer answer) throws Exception {
        if (answer.status() != OCSPRespBuilder.SUCCESSFUL) {
            return new OCSPRespBuilder().build(answer.status(), null).getEncoded();
        }
        var sha1 = new JcaDigestCalculatorProviderBuilder().build().get(RespID.HASH_SHA1);
        var builder = new BasicOCSPRespBuilder(
                SubjectPublicKeyInfo.getInstance(answer.signer().getPublic().getEncoded()), sha1);
        var asked = request.getRequestList()[0].getCertID();
        var id = answer.serial().isPresent()
                ? CertificateID.deriveCertificateID(asked, answer.serial().get())
                : asked;
        var now = Instant.now();
        builder.addResponse(
                id,
                answer.told(),
                Date.from(now.plus(answer.thisUpdate())),
                answer.nextUpdate().map(next -> Date.from(now.plus(next))).orElse(null),
                null);
        for (var again : more) {
            builder.addResponse(id, again, Date.from(now), Date.from(now.plus(Duration.ofHours(1))), null);
        }
        var nonce = request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        if (answer.echoes()) {
            builder.setResponseExtensions(new Extensions(nonce));
        } else if (answer.nonce().isPresent()) {
            builder.setResponseExtensions(new Extensions(new Extension(
                    OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
                    false,
                    new DEROctetString(answer.nonce().get()).getEncoded())));
        }
        var certificates = answer.delegated().isPresent()
                ? new X509CertificateHolder[] {
                    new JcaX509CertificateHolder(answer.delegated().get())
                }
                : new X509CertificateHolder[0];
        var basic = builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(answer.signer().getPrivate()),
                certificates,
                Date.from(now));
        var encoded =
                new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, basic).getEncoded();
        return java.util.Arrays.copyOf(encoded, encoded.length + answer.padding());
    }

    private OCSPToken told() {
        return responders(address).getRevocationToken(certificate, issuer);
    }

    private RevocationResponders responders(String allowed) {
        return new RevocationResponders(new RevocationAddresses(List.of(URI.create(allowed))), Entropy.system(), clock);
    }

    @Test
    void what_the_issuer_says_is_taken_and_asked_once() {
        var once = responders(address).once();
        var token = once.getRevocationToken(certificate, issuer);
        assertThat(token.getStatus()).isEqualTo(CertificateStatus.GOOD);
        assertThat(token.isValid()).isTrue();
        assertThat(once.getRevocationToken(certificate, issuer)).isSameAs(token);
        assertThat(requests).hasValue(1);

        answer = answer.telling(new RevokedStatus(new Date()));
        assertThat(told().getStatus()).isEqualTo(CertificateStatus.REVOKED);
    }

    @Test
    void nobody_is_asked_whom_the_configuration_has_not() {
        assertThat(responders("http://ocsp.example.com/").getRevocationToken(certificate, issuer))
                .isNull();
        assertThat(responders(address + "other/").getRevocationToken(certificate, issuer))
                .isNull();
        assertThat(requests).hasValue(0);
    }

    @Test
    void an_answer_to_another_question_is_not_taken() {
        answer = answer.nonce(new byte[32]);
        assertThat(told()).isNull();
        // One made in advance has none.
        answer = answer.nonce(null);
        assertThat(told()).isNotNull();
        answer = answer.about(BigInteger.TEN);
        assertThat(told()).isNull();
    }

    @Test
    void an_answer_is_of_now() {
        var right = answer;
        answer = right.times(Duration.ofDays(-2), Duration.ofHours(-1));
        assertThat(told()).isNull();
        answer = right.times(Duration.ofHours(1), Duration.ofHours(2));
        assertThat(told()).isNull();
        answer = right.times(Duration.ofHours(-1), null);
        assertThat(told()).isNull();
        answer = right.times(Duration.ofMinutes(-1), null);
        assertThat(told()).isNotNull();
    }

    @Test
    void a_stranger_is_not_believed() throws Exception {
        var right = answer;
        var strange = keys();
        answer = right.by(strange, null);
        assertThat(told()).isNull();
        var name = new X500Name("CN=responder");
        var purpose = KeyPurposeId.id_kp_OCSPSigning;
        answer = right.by(strange, certificate(name, strange, strange, null, purpose));
        assertThat(told()).as("certified by itself").isNull();
        answer = right.by(strange, certificate(name, strange, keys, null, null));
        assertThat(told()).as("certified for something else").isNull();
        answer = right.by(strange, certificate(name, strange, keys, null, KeyPurposeId.id_kp_timeStamping));
        assertThat(told()).as("certified for time stamps").isNull();
        answer = right.by(strange, certificate(name, strange, keys, null, purpose, Duration.ofHours(-1)));
        assertThat(told()).as("no longer certified").isNull();
        answer = right.by(strange, certificate(name, strange, keys, null, purpose));
        assertThat(told()).as("certified by the issuer").isNotNull();
    }

    @Test
    void what_speaks_of_the_certificate_twice_tells_nothing() {
        more = new org.bouncycastle.cert.ocsp.CertificateStatus[] {new RevokedStatus(new Date())};
        assertThat(told()).isNull();
    }

    /** Found out before anything is signed: what is made of the signature needs the responder's own revocation data. */
    @Test
    void a_certified_responder_is_asked_about_as_well() throws Exception {
        var name = new X500Name("CN=responder");
        var purpose = KeyPurposeId.id_kp_OCSPSigning;
        var own = keys();
        var chain = new CertificateChain(List.of(certificate.getCertificate(), issuer.getCertificate()));
        var trust = new Trust(
                List.of(issuer.getCertificate()),
                Optional.of(new RevocationSources(List.of(URI.create(address)), Entropy.system(), clock)));
        var right = answer;

        answer = right.by(own, certificate(name, own, keys, null, purpose));
        assertThatThrownBy(() -> Revocation.requireNotRevoked(chain, trust.verifier()))
                .hasMessageContaining("Nothing tells whether the certificates were revoked");

        var unchecked = new Extension(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE.getEncoded());
        answer = right.by(own, certificate(name, own, keys, null, purpose, Duration.ofHours(1), unchecked));
        assertThatCode(() -> Revocation.requireNotRevoked(chain, trust.verifier()))
                .doesNotThrowAnyException();

        var listed = certificate(name, own, keys, null, purpose, Duration.ofHours(1), distributedBy(address + "list"));
        answer = right.by(own, listed);
        assertThatThrownBy(() -> Revocation.requireNotRevoked(chain, trust.verifier()))
                .hasMessageContaining("Nothing tells whether the certificates were revoked");
        list = list(Optional.empty());
        assertThatCode(() -> Revocation.requireNotRevoked(chain, trust.verifier()))
                .doesNotThrowAnyException();
        list = list(Optional.of(listed.getSerialNumber()));
        assertThatThrownBy(() -> Revocation.requireNotRevoked(chain, trust.verifier()))
                .hasMessageContaining("Nothing tells whether the certificates were revoked");
    }

    private static Extension distributedBy(String address) throws IOException {
        var names = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, address));
        var point = new DistributionPoint(new DistributionPointName(names), null, null);
        return new Extension(
                Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {point}).getEncoded());
    }

    private byte[] list(Optional<BigInteger> revoked) throws Exception {
        var now = Instant.now();
        var builder = new X509v2CRLBuilder(ISSUER, Date.from(now.minusSeconds(60)));
        builder.setNextUpdate(Date.from(now.plus(Duration.ofHours(1))));
        revoked.ifPresent(serial -> builder.addCRLEntry(serial, Date.from(now.minusSeconds(60)), 0));
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
    }

    @Test
    void what_is_no_answer_tells_nothing() {
        var right = answer;
        answer = right.telling(new UnknownStatus());
        assertThat(told()).isNull();
        answer = right.status(OCSPResp.TRY_LATER);
        assertThat(told()).isNull();
        answer = right.padded(200_000);
        assertThat(told()).isNull();
        server.stop(0);
        assertThat(told()).isNull();
    }

    /** Before anything is signed, and by the verifier that has it afterwards; lists are for those that name no responder. */
    @Test
    void a_chain_is_asked_for_before_it_signs() {
        var chain = new CertificateChain(List.of(certificate.getCertificate(), issuer.getCertificate()));
        var trust = new Trust(
                List.of(issuer.getCertificate()),
                Optional.of(new RevocationSources(List.of(URI.create(address)), Entropy.system(), clock)));
        var verifier = trust.verifier();
        assertThatCode(() -> Revocation.requireNotRevoked(chain, verifier)).doesNotThrowAnyException();
        assertThat(verifier.getOcspSource().getRevocationToken(certificate, issuer))
                .isNotNull();
        assertThat(requests).hasValue(1);
        answer = answer.telling(new RevokedStatus(new Date()));
        assertThatThrownBy(() -> Revocation.requireNotRevoked(chain, trust.verifier()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("A certificate of the chain is revoked");
        answer = answer.nonce(new byte[32]);
        assertThatThrownBy(() -> Revocation.requireNotRevoked(chain, trust.verifier()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("Nothing tells whether the certificates were revoked");
    }
}
