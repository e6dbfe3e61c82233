package org.countersign.signer.timestamps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.bouncycastle.util.CollectionStore;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.TrustAnchors;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.keys.HashAlgorithm;
import org.countersign.signer.configuration.TimestampSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An authority that answers as it is told to, over HTTP. */
class TimestampAuthorityTest {

    private static final String POLICY = "1.2.3.4.1";
    private static final byte[] HASH = HashAlgorithm.SHA256.digest(new byte[] {1});
    private static final BigInteger NONCE = new BigInteger("1234567890123456789");

    private static long serial = 1;
    private static KeyPair rootKeys;
    private static KeyPair keys;
    private static X509CertificateHolder root;
    private static X509CertificateHolder good;

    private HttpServer server;
    private Answer answer = request -> stamp(request, good, keys, HASH, NONCE, POLICY);
    private int status = 200;
    private String authorization;

    @FunctionalInterface
    private interface Answer {
        byte[] to(TimeStampRequest request) throws Exception;
    }

    @BeforeAll
    static void certify() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        rootKeys = generator.generateKeyPair();
        keys = generator.generateKeyPair();
        root = certificate("CN=root", rootKeys, Optional.empty(), Duration.ofDays(1));
        good = certificate("CN=stamps", keys, Optional.of(KeyPurposeId.id_kp_timeStamping), Duration.ofDays(1));
    }

    @BeforeEach
    void start() throws IOException {
        start(null);
    }

    private void start(Executor executor) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            byte[] body;
            try {
                body = answer.to(new TimeStampRequest(exchange.getRequestBody().readAllBytes()));
            } catch (Exception failure) {
                throw new IOException(failure);
            }
            exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(executor);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void what_verifies_is_handed_out() throws Exception {
        var token = stamp(settings(Optional.empty(), root));
        assertThat(token.getTimeStampInfo().getMessageImprintDigest()).isEqualTo(HASH);
        assertThat(token.getTimeStampInfo().getNonce()).isEqualTo(NONCE);
        assertThat(authorization).isEqualTo(Exchange.basic("name", "word"));
    }

    @Test
    void a_nonce_is_made_up_and_asked_for_without_one() throws Exception {
        answer = request -> stamp(request, good, keys, HASH, request.getNonce(), POLICY);
        var authority = new TimestampAuthority(settings(Optional.empty(), root), Entropy.system());
        assertThat(authority
                        .stamp(HashAlgorithm.SHA256, HASH, Optional.empty())
                        .getTimeStampInfo()
                        .getNonce())
                .isNotNull();
    }

    @Test
    void the_policy_is_asked_for() throws Exception {
        answer = request ->
                stamp(request, good, keys, HASH, NONCE, request.getReqPolicy().getId());
        assertThat(stamp(settings(Optional.of("1.2.3.4.2"), root))
                        .getTimeStampInfo()
                        .getPolicy()
                        .getId())
                .isEqualTo("1.2.3.4.2");
        answer = request -> stamp(request, good, keys, HASH, NONCE, POLICY);
        refused(settings(Optional.of("1.2.3.4.2"), root));
    }

    @Test
    void a_stamp_of_another_hash_or_of_another_nonce_is_none() throws Exception {
        answer = request -> stamp(request, good, keys, new byte[32], NONCE, POLICY);
        refused(settings(Optional.empty(), root));
        answer = request -> stamp(request, good, keys, HASH, NONCE.add(BigInteger.ONE), POLICY);
        refused(settings(Optional.empty(), root));
        answer = request -> stamp(request, good, keys, HASH, null, POLICY);
        refused(settings(Optional.empty(), root));
    }

    @Test
    void a_signature_of_another_key_is_none() throws Exception {
        answer = request -> stamp(request, good, rootKeys, HASH, NONCE, POLICY);
        refused(settings(Optional.empty(), root));
    }

    @Test
    void a_certificate_of_another_authority_and_an_expired_one_are_none() throws Exception {
        refused(settings(Optional.empty(), certificate("CN=root", keys, Optional.empty(), Duration.ofDays(1))));
        var expired =
                certificate("CN=stamps", keys, Optional.of(KeyPurposeId.id_kp_timeStamping), Duration.ofMinutes(-1));
        answer = request -> stamp(request, expired, keys, HASH, NONCE, POLICY);
        refused(settings(Optional.empty(), root));
    }

    /** The purpose and the way to the anchor have to be one certificate's. */
    @Test
    void two_certificates_of_one_key_do_not_make_up_for_each_other() throws Exception {
        var ordinary = certificate("CN=somebody", keys, Optional.of(KeyPurposeId.id_kp_clientAuth), Duration.ofDays(1));
        var ownMade = certificate(
                "CN=stamps", keys, "CN=stamps", keys, Optional.of(KeyPurposeId.id_kp_timeStamping), Duration.ofDays(1));
        answer = request -> stamp(request, List.of(ordinary, ownMade), ownMade, keys, HASH, NONCE, POLICY);
        refused(settings(Optional.empty(), root));
    }

    @Test
    void a_stamp_without_its_certificate_or_with_too_many_is_none() throws Exception {
        answer = request -> stamp(request, List.of(root), good, keys, HASH, NONCE, POLICY);
        refused(settings(Optional.empty(), root));
        var many = new ArrayList<>(List.of(good));
        for (int i = 0; i < 10; i++) {
            many.add(certificate("CN=other " + i, rootKeys, Optional.empty(), Duration.ofDays(1)));
        }
        answer = request -> stamp(request, many, good, keys, HASH, NONCE, POLICY);
        refused(settings(Optional.empty(), root));
    }

    /** Each that waits has one of the server's threads. */
    @Test
    void no_more_than_eight_wait_at_a_time() throws Exception {
        var arrived = new CountDownLatch(8);
        var go = new CountDownLatch(1);
        var executor = Executors.newCachedThreadPool();
        try {
            server.stop(0);
            start(executor);
            answer = request -> {
                arrived.countDown();
                go.await();
                return stamp(request, good, keys, HASH, NONCE, POLICY);
            };
            var authority = new TimestampAuthority(settings(Optional.empty(), root), Entropy.system());
            var waiting = new ArrayList<Future<?>>();
            for (int i = 0; i < 8; i++) {
                waiting.add(executor.submit(() -> authority.stamp(HashAlgorithm.SHA256, HASH, Optional.of(NONCE))));
            }
            assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> authority.stamp(HashAlgorithm.SHA256, HASH, Optional.of(NONCE)));
            go.countDown();
            for (var each : waiting) {
                each.get();
            }
            authority.stamp(HashAlgorithm.SHA256, HASH, Optional.of(NONCE));
        } finally {
            go.countDown();
            executor.shutdown();
        }
    }

    @Test
    void a_refusal_and_what_is_no_answer_are_none() throws Exception {
        answer = request -> new TimeStampResponseGenerator(generator(List.of(good), good, keys, POLICY), Set.of())
                .generate(request, BigInteger.ONE, new Date())
                .getEncoded();
        refused(settings(Optional.empty(), root));
        for (var bytes : List.of(new byte[0], new byte[] {0x30, 0}, new byte[300_000], "<html>".getBytes())) {
            answer = request -> bytes;
            refused(settings(Optional.empty(), root));
        }
        answer = request -> stamp(request, good, keys, HASH, NONCE, POLICY);
        status = 500;
        refused(settings(Optional.empty(), root));
        server.stop(0);
        refused(settings(Optional.empty(), root));
    }

    private org.bouncycastle.tsp.TimeStampToken stamp(TimestampSettings settings) {
        return new TimestampAuthority(settings, Entropy.system()).stamp(HashAlgorithm.SHA256, HASH, Optional.of(NONCE));
    }

    private void refused(TimestampSettings settings) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> stamp(settings))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(OAuth2Error.TEMPORARILY_UNAVAILABLE))
                .satisfies(refusal -> assertThat(refusal.description())
                        .isEqualTo("The time-stamping authority gives no time stamp; try again later"));
    }

    private TimestampSettings settings(Optional<String> policy, X509CertificateHolder anchor) throws IOException {
        var pem = new StringWriter();
        try (var writer = new JcaPEMWriter(pem)) {
            writer.writeObject(anchor);
        }
        return new TimestampSettings(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"),
                Optional.of(Exchange.basic("name", "word")),
                policy,
                TrustAnchors.read(pem.toString()),
                Duration.ofSeconds(30));
    }

    private static byte[] stamp(
            TimeStampRequest request,
            X509CertificateHolder certificate,
            KeyPair signer,
            byte[] hash,
            BigInteger nonce,
            String policy)
            throws Exception {
        return stamp(request, List.of(certificate), certificate, signer, hash, nonce, policy);
    }

    /** A response whose token says, and brings, what it is told to, whatever was asked. */
    private static byte[] stamp(
            TimeStampRequest request,
            List<X509CertificateHolder> brought,
            X509CertificateHolder certificate,
            KeyPair signer,
            byte[] hash,
            BigInteger nonce,
            String policy)
            throws Exception {
        var requests = new org.bouncycastle.tsp.TimeStampRequestGenerator();
        requests.setCertReq(request.getCertReq());
        var other = nonce == null
                ? requests.generate(TSPAlgorithms.SHA256, hash)
                : requests.generate(TSPAlgorithms.SHA256, hash, nonce);
        return new TimeStampResponseGenerator(generator(brought, certificate, signer, policy), TSPAlgorithms.ALLOWED)
                .generate(other, BigInteger.ONE, new Date())
                .getEncoded();
    }

    private static TimeStampTokenGenerator generator(
            List<X509CertificateHolder> brought, X509CertificateHolder certificate, KeyPair signer, String policy)
            throws Exception {
        var digests = new JcaDigestCalculatorProviderBuilder().build();
        var signerInfo =
                new JcaSimpleSignerInfoGeneratorBuilder().build("SHA256withECDSA", signer.getPrivate(), certificate);
        var generator = new TimeStampTokenGenerator(
                signerInfo,
                digests.get(new org.bouncycastle.asn1.x509.AlgorithmIdentifier(TSPAlgorithms.SHA256)),
                new ASN1ObjectIdentifier(policy));
        generator.addCertificates(new CollectionStore<>(brought));
        return generator;
    }

    /** Signed by the root. @param left until it expires; negative for one that is expired already */
    private static X509CertificateHolder certificate(
            String name, KeyPair of, Optional<KeyPurposeId> purpose, Duration left) throws Exception {
        return certificate("CN=root", rootKeys, name, of, purpose, left);
    }

    private static X509CertificateHolder certificate(
            String issuer, KeyPair issuerKeys, String name, KeyPair of, Optional<KeyPurposeId> purpose, Duration left)
            throws Exception {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var builder = new X509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.valueOf(serial++),
                Date.from(now.minus(Duration.ofDays(2))),
                Date.from(now.plus(left)),
                new X500Name(name),
                SubjectPublicKeyInfo.getInstance(of.getPublic().getEncoded()));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(purpose.isEmpty()));
        if (purpose.isPresent()) {
            builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose.get()));
        }
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(rootKeys.getPrivate()));
    }
}
