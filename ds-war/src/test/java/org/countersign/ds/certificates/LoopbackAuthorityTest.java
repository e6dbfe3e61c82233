package org.countersign.ds.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.x509.CertificatePem;
import org.countersign.ds.TestContext;
import org.countersign.ds.organisations.Organisations;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.keys.MasterSecret;
import org.countersign.server.keys.MemoryWrappedKeys;
import org.countersign.server.keys.SignatureProvider;
import org.countersign.server.keys.SoftwareKeyVault;
import org.countersign.server.time.MovableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackAuthorityTest {

    private static final LoopbackNames NAMES = new LoopbackNames(List.of("localhost", "agent.example.com"));

    private static TestContext context;

    private final MovableClock clock = new MovableClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private final UUID organisation = TestContext.ENTROPY.uuid();
    private final UUID device = TestContext.ENTROPY.uuid();

    @TempDir
    Path folder;

    LoopbackAuthorityTest() {
        context.database()
                .statements()
                .update("insert into organisation (id, name, created_at) values (?, ?, now())", statement -> {
                    statement.setObject(1, organisation);
                    statement.setString(2, "Ünïted " + organisation);
                });
    }

    @BeforeAll
    static void begin() throws IOException {
        context = new TestContext();
    }

    @AfterAll
    static void end() throws IOException {
        context.close();
    }

    private LoopbackAuthority node(LoopbackNames names) {
        return new LoopbackAuthority(
                context.database(),
                new Organisations(context.database().sessions(), TestContext.ENTROPY, clock),
                names,
                new MasterSecret(new byte[32]),
                SignatureProvider.fastest(folder, TestContext.ENTROPY),
                context.audit(),
                TestContext.ENTROPY,
                clock);
    }

    @Test
    void openssl_takes_the_names_inside_and_no_other() throws Exception {
        try (var authority = node(NAMES)) {
            var issued = authority.issue(organisation, key("secp256r1"), device);
            write("ca.pem", issued.chain().get(1));
            write("agent.pem", issued.chain().get(0));
            assertThat(verify("agent.pem", "-verify_hostname", "localhost")).contains("agent.pem: OK");
            assertThat(verify("agent.pem", "-verify_hostname", "agent.example.com"))
                    .contains("OK");
            assertThat(verify("agent.pem", "-verify_ip", "127.0.0.1")).contains("OK");
            assertThat(verify("agent.pem", "-verify_ip", "::1")).contains("OK");
            assertThat(verify("agent.pem", "-purpose", "sslserver")).contains("OK");
            assertThat(verify("agent.pem", "-verify_hostname", "bank.example")).contains("hostname mismatch");
            assertThat(verify("agent.pem", "-purpose", "sslclient")).contains("unsuitable certificate purpose");
        }
    }

    @Test
    void with_the_authoritys_own_key_nobody_can_be_another_name() throws Exception {
        var master = new MasterSecret(new byte[32]);
        var vault = new SoftwareKeyVault(
                new MemoryWrappedKeys(),
                master,
                SignatureProvider.fastest(folder, TestContext.ENTROPY),
                TestContext.ENTROPY);
        var secrets = context.secrets(new byte[32]);
        var id = TestContext.ENTROPY.uuid();
        var maker = new CertificateMaker(TestContext.ENTROPY);
        var validity = new CertificateMaker.Validity(
                clock.instant().minus(Duration.ofDays(1)), clock.instant().plus(Duration.ofDays(10)));
        try (var activation = secrets.activationKeyWithoutPin(id, secrets.newActivationSalt())) {
            var publicKey = vault.generate(id, KeyAlgorithm.EC_P256, activation);
            try (var signing = vault.open(id, activation)) {
                var authority = maker.authority("ACME", NAMES, publicKey, signing, validity);
                var stranger = maker.loopback(
                        authority,
                        signing,
                        new LoopbackNames(List.of("bank.example")),
                        key("secp256r1"),
                        device,
                        validity);
                write("ca.pem", authority);
                write("stranger.pem", stranger);
                assertThat(verify("stranger.pem")).contains("permitted subtree violation");
            }
        }
    }

    @Test
    void a_certificate_lives_90_days_and_is_renewed_when_a_third_is_left() throws Exception {
        try (var authority = node(NAMES)) {
            var issued = authority.issue(organisation, key("secp384r1"), device);
            var certificate = issued.chain().get(0);
            assertThat(certificate.getNotAfter().toInstant())
                    .isEqualTo(clock.instant().plus(Duration.ofDays(90)));
            assertThat(authority.needsRenewal(organisation, certificate)).isFalse();
            clock.advance(Duration.between(clock.instant(), issued.renewFrom()).minusSeconds(1));
            assertThat(authority.needsRenewal(organisation, certificate)).isFalse();
            clock.advance(Duration.ofSeconds(1));
            assertThat(authority.needsRenewal(organisation, certificate)).isTrue();
        }
    }

    @Test
    void nodes_that_begin_at_once_have_one_authority_and_other_names_another() throws Exception {
        var barrier = new CyclicBarrier(4);
        var executor = Executors.newFixedThreadPool(4);
        var certificates = new ArrayList<X509Certificate>();
        try {
            var calls = new ArrayList<Callable<X509Certificate>>();
            for (int i = 0; i < 4; i++) {
                calls.add(() -> {
                    try (var authority = node(NAMES)) {
                        barrier.await();
                        return authority.certificate(organisation);
                    }
                });
            }
            for (var future : executor.invokeAll(calls)) {
                certificates.add(future.get());
            }
        } finally {
            executor.shutdown();
        }
        assertThat(certificates.stream().distinct()).hasSize(1);
        try (var other = node(new LoopbackNames(List.of("localhost")));
                var same = node(NAMES)) {
            assertThat(other.certificate(organisation)).isNotEqualTo(certificates.get(0));
            var issued =
                    same.issue(organisation, key("secp256r1"), device).chain().get(0);
            assertThat(other.needsRenewal(organisation, issued)).isTrue();
        }
    }

    @Test
    void weak_keys_and_unknown_organisations_are_refused() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1_024);
        var weak = generator.generateKeyPair().getPublic();
        var ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        try (var authority = node(NAMES)) {
            for (var key : List.of(weak, ed25519)) {
                assertThatThrownBy(() -> authority.issue(organisation, key, device))
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining("TLS key");
            }
            var good = key("secp256r1");
            assertThatThrownBy(() -> authority.issue(TestContext.ENTROPY.uuid(), good, device))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("not found");
        }
    }

    private static PublicKey key(String curve) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair().getPublic();
    }

    private void write(String name, X509Certificate certificate) throws IOException {
        Files.writeString(folder.resolve(name), CertificatePem.write(certificate));
    }

    private String verify(String name, String... options) throws Exception {
        var command = new ArrayList<>(List.of("openssl", "verify", "-x509_strict", "-CAfile", "ca.pem"));
        command.addAll(List.of(options));
        command.add(name);
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
