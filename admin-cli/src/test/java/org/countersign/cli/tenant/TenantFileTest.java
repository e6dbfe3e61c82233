package org.countersign.cli.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.countersign.cli.tenant.TenantRecord.Manifest;
import org.countersign.cli.tenant.TenantRecord.MovedCredential;
import org.countersign.cli.tenant.TenantRecord.MovedSeat;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.entropy.Entropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantFileTest {

    private static final Entropy ENTROPY = Entropy.system();
    private static final byte[] PASSPHRASE = "a passphrase of this test".getBytes(StandardCharsets.UTF_8);

    /** For most tests: a passphrase costs Argon2id each time. */
    private static final KeyPair RECIPIENT = pair("EC");

    private static final MovedSeat SEAT = new MovedSeat("jdoe", null, "2026-01-01T00:00:00Z");
    private static final TenantFileReader.Records NOWHERE =
            new TenantFileReader.Records(manifest -> {}, seat -> {}, credential -> {});

    @TempDir
    Path folder;

    @Test
    void what_was_written_is_read_again_in_order_and_in_many_chunks() throws IOException {
        var written = credentials(2_000);
        var file = file(written);
        assertThat(lines(file)).hasSizeGreaterThan(5);
        var read = new ArrayList<MovedCredential>();
        var manifests = new ArrayList<Manifest>();
        var seats = new ArrayList<MovedSeat>();
        byte[] digest;
        try (var reader = open(file)) {
            digest = reader.read(new TenantFileReader.Records(manifests::add, seats::add, read::add));
            assertThat(reader.credentials()).isEqualTo(2_000);
        }
        assertThat(digest).isEqualTo(DigestUtils.sha256(Files.readAllBytes(file)));
        assertThat(manifests).hasSize(1);
        assertThat(seats).containsExactly(SEAT);
        assertThat(TenantRecord.JSON.writeValueAsString(read)).isEqualTo(TenantRecord.JSON.writeValueAsString(written));
    }

    @Test
    void a_tenant_without_credentials_is_a_file_too() throws IOException {
        try (var reader = open(file(List.of()))) {
            reader.read(NOWHERE);
            assertThat(reader.credentials()).isZero();
        }
    }

    @Test
    void chunks_can_not_be_left_out_doubled_exchanged_or_taken_from_another_file() throws IOException {
        var file = file(credentials(2_000));
        var lines = lines(file);
        var without = new ArrayList<>(lines);
        without.remove(3);
        refused(without);
        var doubled = new ArrayList<>(lines);
        doubled.add(3, lines.get(3));
        refused(doubled);
        var exchanged = new ArrayList<>(lines);
        Collections.swap(exchanged, 2, 3);
        refused(exchanged);
        var foreign = new ArrayList<>(lines);
        foreign.set(2, lines(file(credentials(2_000))).get(2));
        refused(foreign);
        refused(lines.subList(0, lines.size() - 1));
        refused(lines.subList(0, 1));
        refused(lines.subList(1, lines.size()));
        var more = new ArrayList<>(lines);
        more.add(lines.get(lines.size() - 1));
        refused(more);
    }

    @Test
    void no_changed_byte_goes_unnoticed() throws IOException {
        var file = file(credentials(3));
        var good = Files.readAllBytes(file);
        int headerEnds = new String(good, StandardCharsets.US_ASCII).indexOf('\n');
        for (int at = 0; at < good.length; at += at < headerEnds ? 1 : 5) {
            var bad = good.clone();
            bad[at] ^= 1;
            var path = Files.write(folder.resolve("bad"), bad);
            assertThatThrownBy(() -> readAll(path)).as("byte %s", at).isInstanceOf(Refusal.class);
        }
    }

    @Test
    void another_passphrase_opens_nothing() throws IOException {
        var file = file(credentials(1), FileKey.forPassphrase(PASSPHRASE, ENTROPY));
        try (var reader = TenantFileReader.open(file, FileKey.withPassphrase(PASSPHRASE))) {
            reader.read(NOWHERE);
        }
        assertThatThrownBy(() -> open(file)).isInstanceOf(Refusal.class).hasMessageContaining("--passphrase-file");
        var other = FileKey.withPassphrase("another passphrase".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> TenantFileReader.open(file, other))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("passphrase is another one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void a_file_for_a_certificate_opens_with_its_private_key_only(String algorithm) throws IOException {
        var pair = pair(algorithm);
        var file = file(credentials(1), FileKey.forCertificate(certificate(pair, algorithm)));
        try (var reader = TenantFileReader.open(file, FileKey.withPrivateKey(pair.getPrivate()))) {
            reader.read(NOWHERE);
        }
        var other = FileKey.withPrivateKey(pair(algorithm).getPrivate());
        assertThatThrownBy(() -> TenantFileReader.open(file, other)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> TenantFileReader.open(file, FileKey.withPassphrase(PASSPHRASE)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--key");
    }

    @Test
    void costs_that_would_take_the_machines_memory_are_refused() throws IOException {
        var lines = new ArrayList<>(lines(file(credentials(1), FileKey.forPassphrase(PASSPHRASE, ENTROPY))));
        lines.set(0, lines.get(0).replace("\"memoryKiB\":65536", "\"memoryKiB\":1048576"));
        var path = Files.writeString(folder.resolve("bad"), String.join("\n", lines) + "\n");
        assertThatThrownBy(() -> TenantFileReader.open(path, FileKey.withPassphrase(PASSPHRASE)))
                .isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void what_is_too_large_to_be_read_is_not_written(int more) throws IOException {
        var small = credentials(2);
        var envelope =
                TenantRecord.JSON.writeValueAsBytes(new TenantRecord(null, null, large(small.get(1), ""), null)).length;
        var longest = large(small.get(1), "x".repeat(FileChunk.LONGEST_RECORD - envelope - 1 + more));
        // Behind as much as can wait for it in the same line.
        var waiting = large(small.get(0), "x".repeat(FileChunk.FULL - 1_500));
        if (more > 0) {
            assertThatThrownBy(() -> file(List.of(waiting, longest)))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining(longest.id().toString());
        } else {
            readAll(file(List.of(waiting, longest)));
        }
    }

    private static MovedCredential large(MovedCredential small, String creator) {
        return new MovedCredential(
                small.id(),
                small.seat(),
                creator,
                small.configuration(),
                1,
                small.createdAt(),
                small.pin(),
                null,
                null,
                false,
                0,
                0,
                null,
                small.activationPublic(),
                null,
                null,
                null);
    }

    @Test
    void nothing_of_a_record_is_in_the_words_for_it() {
        var credential = credentials(1).get(0);
        assertThat(credential.toString()).isEqualTo("credential " + credential.id());
        assertThat(credential.pin().toString()).isEqualTo("a PIN");
    }

    private void refused(List<String> lines) throws IOException {
        var path = Files.writeString(folder.resolve("bad"), String.join("\n", lines) + "\n");
        assertThatThrownBy(() -> readAll(path)).isInstanceOf(Refusal.class);
    }

    private static void readAll(Path path) throws IOException {
        try (var reader = open(path)) {
            reader.read(NOWHERE);
        }
    }

    private static TenantFileReader open(Path path) throws IOException {
        return TenantFileReader.open(path, FileKey.withPrivateKey(RECIPIENT.getPrivate()));
    }

    private Path file(List<MovedCredential> credentials) throws IOException {
        return file(credentials, FileKey.forCertificate(certificate(RECIPIENT, "EC")));
    }

    private Path file(List<MovedCredential> credentials, FileKey.Wrapping wrapping) throws IOException {
        var path = Files.createTempFile(folder, "test", ".tenant");
        try (var out = Files.newOutputStream(path)) {
            var writer = new TenantFileWriter(out, wrapping, ENTROPY);
            var manifest = new Manifest(
                    ENTROPY.uuid(), "acme", "signer-acme", "1", "2026-01-01T00:00:00Z", List.of(), List.of(), null);
            writer.write(new TenantRecord(manifest, null, null, null));
            writer.write(new TenantRecord(null, SEAT, null, null));
            for (var credential : credentials) {
                writer.write(new TenantRecord(null, null, credential, null));
            }
            writer.end(credentials.size(), 0);
        }
        return path;
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.US_ASCII);
    }

    private static List<MovedCredential> credentials(int number) {
        var credentials = new ArrayList<MovedCredential>();
        for (int i = 0; i < number; i++) {
            credentials.add(new MovedCredential(
                    UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)}),
                    "seat-" + i,
                    "client",
                    "pin",
                    1,
                    "2026-01-01T00:00:00Z",
                    new TenantRecord.Pin("$argon2id$", ENTROPY.bytes(32), false),
                    null,
                    null,
                    false,
                    0,
                    0,
                    null,
                    ENTROPY.bytes(32),
                    null,
                    null,
                    null));
        }
        return credentials;
    }

    private static KeyPair pair(String algorithm) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static X509Certificate certificate(KeyPair pair, String algorithm) {
        try {
            return selfSigned(pair, algorithm);
        } catch (GeneralSecurityException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static X509Certificate selfSigned(KeyPair pair, String algorithm)
            throws GeneralSecurityException, OperatorCreationException {
        var name = new X500Name("CN=recipient");
        var now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                name, BigInteger.ONE, Date.from(now), Date.from(now.plusSeconds(3_600)), name, pair.getPublic());
        var signer = new JcaContentSignerBuilder(algorithm.equals("EC") ? "SHA256withECDSA" : "SHA256withRSA")
                .build(pair.getPrivate());
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }
}
