package org.countersign.signer.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.countersign.server.keys.SignatureAlgorithm.ED25519;
import static org.countersign.server.keys.SignatureAlgorithm.SHA256WITHECDSA;
import static org.countersign.server.keys.SignatureAlgorithm.SHA256WITHRSA;
import static org.countersign.server.keys.SignatureAlgorithm.SHA256WITHRSAANDMGF1;

import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.exception.InvalidPasswordException;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.signer.ades.Trust;
import org.countersign.signer.validation.Explanation;
import org.countersign.signer.validation.ValidateDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every format with every kind of key, signed as a vault signs, and judged. */
class SignatureInFormatTest {

    private static final Map<SignatureAlgorithm, SigningSeat> SEATS = new EnumMap<>(SignatureAlgorithm.class);
    private static final TSPSource STAMPS = SigningSeat.stamps();
    private static List<String> providers;

    private final Trust trust = new Trust(List.of(SigningSeat.root()), Optional.empty());
    private final ValidateDocument validate = new ValidateDocument(trust, Clock.systemUTC());

    @TempDir
    private Path folder;

    @BeforeAll
    static void providersBefore() {
        providers = providers();
    }

    /** It is every application's. */
    @AfterAll
    static void theListOfProvidersIsAsItWas() {
        assertThat(providers()).isEqualTo(providers);
    }

    private static List<String> providers() {
        return Stream.of(Security.getProviders()).map(Object::toString).toList();
    }

    static Stream<Arguments> formats() {
        var formats = List.of(
                new DocumentRequest("c", "PAdES", null, null, null, null, null, null, "a.pdf", null, null, null),
                new DocumentRequest("c", "XAdES", null, "enveloped", null, null, null, null, "a.xml", null, null, null),
                new DocumentRequest(
                        "c", "XAdES", null, "enveloping", null, null, null, null, "a.xml", null, null, null),
                new DocumentRequest("c", "XAdES", null, "detached", null, null, null, null, "a.txt", null, null, null),
                new DocumentRequest(
                        "c", "CAdES", null, "enveloping", null, null, null, null, "a.txt", null, null, null),
                new DocumentRequest("c", "CAdES", null, "detached", null, null, null, null, "a.txt", null, null, null),
                new DocumentRequest(
                        "c", "JAdES", null, "enveloping", null, null, null, null, "a.json", null, null, null),
                new DocumentRequest("c", "JAdES", null, "detached", null, null, null, null, "a.json", null, null, null),
                new DocumentRequest("c", "XAdES", "ASiC-E", null, null, null, null, null, "a.txt", null, null, null),
                new DocumentRequest("c", "XAdES", "ASiC-S", null, null, null, null, null, "a.txt", null, null, null),
                new DocumentRequest("c", "CAdES", "ASiC-E", null, null, null, null, null, "a.txt", null, null, null),
                new DocumentRequest("c", "CAdES", "ASiC-S", null, null, null, null, null, "a.txt", null, null, null));
        return formats.stream()
                .flatMap(format -> Stream.of(SHA256WITHRSA, SHA256WITHRSAANDMGF1, SHA256WITHECDSA, ED25519)
                        .map(algorithm -> Arguments.of(format, algorithm)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void isJudgedValid(DocumentRequest format, SignatureAlgorithm algorithm) throws IOException {
        sign(format, algorithm, "B-B");
    }

    @ParameterizedTest
    @MethodSource("formatsOfOneKey")
    void isStamped(DocumentRequest format, SignatureAlgorithm algorithm) throws IOException {
        assertThat(sign(format, algorithm, "B-T").timestamps())
                .extracting(Explanation.Timestamp::indication)
                .containsExactly("PASSED");
    }

    @ParameterizedTest
    @MethodSource("formatsOfOneKey")
    void oneChangedByteIsTold(DocumentRequest format, SignatureAlgorithm algorithm) throws IOException {
        var document = Files.write(folder.resolve("document"), content(format.name()));
        var result = folder.resolve("signed");
        signed(at(format, algorithm, "B-B"), document).save(result.toString());
        boolean detached = "detached".equals(format.packaging());
        var original = detached ? Optional.of(document) : Optional.<Path>empty();
        assertThat(indications(result, original)).containsExactly("TOTAL_PASSED");

        if (format.container() == null) {
            change(detached ? document : result, Files.readAllBytes(document));
        } else {
            changeInContainer(result, format.name());
        }

        assertThat(indications(result, original)).doesNotContain("TOTAL_PASSED");
    }

    /** None of what can not be read any more. */
    private List<String> indications(Path signed, Optional<Path> original) throws IOException {
        try {
            return validate.validate(signed, original, false).signatures().stream()
                    .map(Explanation.Signature::indication)
                    .toList();
        } catch (ProtocolException malformed) {
            return List.of();
        }
    }

    /** Of the document, as it is or in base64; an enveloped signature is behind its first half. */
    private static void change(Path file, byte[] document) throws IOException {
        var bytes = Files.readAllBytes(file);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (var form : List.of(
                document,
                Base64.getEncoder().encode(document),
                Base64.getUrlEncoder().withoutPadding().encode(document))) {
            int at = text.indexOf(new String(form, 0, form.length / 2, StandardCharsets.ISO_8859_1));
            if (at >= 0) {
                bytes[at + form.length / 2 - 1] ^= 1;
                Files.write(file, bytes);
                return;
            }
        }
        throw new AssertionError("The document is not in the signed one");
    }

    private static void changeInContainer(Path file, String name) throws IOException {
        try (var zip = FileSystems.newFileSystem(file)) {
            var entry = zip.getPath(name);
            var bytes = Files.readAllBytes(entry);
            bytes[bytes.length / 2] ^= 1;
            Files.write(entry, bytes);
        }
    }

    static Stream<Arguments> formatsOfOneKey() {
        return formats().filter(arguments -> arguments.get()[1] == SHA256WITHECDSA);
    }

    private Explanation.Signature sign(DocumentRequest format, SignatureAlgorithm algorithm, String level)
            throws IOException {
        var seat = SEATS.computeIfAbsent(algorithm, SigningSeat::of);
        var request = at(format, algorithm, level);
        var wanted = DocumentParameters.of(request, Instant.now());
        var document = folder.resolve("document");
        Files.write(document, content(format.name()));

        var file = new FileDocument(document.toFile());
        file.setName(wanted.name());
        var data = signature(wanted, seat).dataToSign(file);
        assertThat(signature(wanted, seat).dataToSign(file))
                .as("the same again")
                .isEqualTo(data);
        var again = signature(wanted, seat);
        again.dataToSign(file);
        var signed = again.sign(file, seat.sign(algorithm, data));
        var result = folder.resolve("signed");
        signed.save(result.toString());

        var original = "detached".equals(format.packaging()) ? Optional.of(document) : Optional.<Path>empty();
        var explanation = validate.validate(result, original, false);
        assertThat(explanation.signatures())
                .as(explanation.toString())
                .extracting(Explanation.Signature::indication)
                .containsExactly("TOTAL_PASSED");
        var one = explanation.signatures().get(0);
        assertThat(one.format()).isEqualTo(format.format() + "-BASELINE-" + level.substring(2));
        return one;
    }

    private static DocumentRequest at(DocumentRequest format, SignatureAlgorithm algorithm, String level) {
        return new DocumentRequest(
                "c",
                format.format(),
                format.container(),
                format.packaging(),
                level,
                algorithm.wireName(),
                null,
                null,
                format.name(),
                null,
                null,
                null);
    }

    private SignatureInFormat<?> signature(DocumentParameters wanted, SigningSeat seat) {
        return SignatureInFormat.of(wanted, seat.chain(), trust.verifier(), Optional.of(STAMPS), folder);
    }

    private static byte[] content(String name) throws IOException {
        if (name.endsWith(".pdf")) {
            var out = new ByteArrayOutputStream();
            try (var pdf = new PDDocument()) {
                pdf.addPage(new PDPage());
                pdf.save(out);
            }
            return out.toByteArray();
        }
        return (name.endsWith(".xml") ? "<order><item>1</item></order>" : "{\"order\": 1}").getBytes();
    }

    private DSSDocument signed(DocumentRequest format, Path document) {
        var wanted = DocumentParameters.of(format, Instant.now());
        var seat = SEATS.computeIfAbsent(SHA256WITHECDSA, SigningSeat::of);
        var file = new FileDocument(document.toFile());
        file.setName(wanted.name());
        var signature = signature(wanted, seat);
        return signature.sign(file, seat.sign(SHA256WITHECDSA, signature.dataToSign(file)));
    }

    private static DocumentRequest wish(String format, String container, String level) {
        return new DocumentRequest(
                "c", format, container, null, level, "SHA256WITHECDSA", null, null, null, null, null, null);
    }

    /** Not in memory, and not in the folder that all programs share. */
    @Test
    void pdfsAreWrittenBesideTheDocument() throws IOException {
        var document = folder.resolve("a.pdf");
        Files.write(document, content("a.pdf"));
        var signed = signed(wish("PAdES", null, "B-T"), document);
        assertThat(signed).isInstanceOf(FileDocument.class);
        assertThat(((FileDocument) signed).getFile().getParentFile()).isEqualTo(folder.toFile());
    }

    @Test
    void theServersTimeZoneIsNoMatter() throws IOException {
        var document = folder.resolve("a.pdf");
        Files.write(document, content("a.pdf"));
        var wanted = DocumentParameters.of(wish("PAdES", null, "B-B"), Instant.now());
        var seat = SEATS.computeIfAbsent(SHA256WITHECDSA, SigningSeat::of);
        var zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            var there = signature(wanted, seat).dataToSign(new FileDocument(document.toFile()));
            TimeZone.setDefault(TimeZone.getTimeZone("America/Lima"));
            assertThat(signature(wanted, seat).dataToSign(new FileDocument(document.toFile())))
                    .isEqualTo(there);
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    /** What a higher level adds would be added to theirs. */
    @ParameterizedTest
    @CsvSource({"CAdES,", "CAdES,ASiC-E", "CAdES,ASiC-S"})
    void signaturesOfOthersStayAsTheyAre(String format, String container) throws IOException {
        var document = folder.resolve("a.txt");
        Files.write(document, content("a.txt"));
        var first = folder.resolve("first");
        signed(wish(format, container, "B-T"), document).save(first.toString());
        assertThatThrownBy(() -> signed(wish(format, container, "B-T"), first))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("The document has signatures already");
        signed(wish(format, container, "B-B"), first)
                .save(folder.resolve("second").toString());
        assertThat(validate.validate(folder.resolve("second"), Optional.empty(), false)
                        .signatures())
                .extracting(Explanation.Signature::indication)
                .containsExactly("TOTAL_PASSED", "TOTAL_PASSED");
    }

    @Test
    void anEncryptedPdfIsToldToBeOne() throws IOException {
        var document = folder.resolve("encrypted.pdf");
        try (var pdf = new PDDocument()) {
            pdf.addPage(new PDPage());
            pdf.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
            pdf.save(document.toFile());
        }
        assertThatThrownBy(() -> validate.validate(document, Optional.empty(), false))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("The document is encrypted");
        var wanted = DocumentParameters.of(
                new DocumentRequest("c", "PAdES", null, null, null, "ED25519", null, null, null, null, null, null),
                Instant.now());
        var signature = signature(wanted, SEATS.computeIfAbsent(ED25519, SigningSeat::of));
        assertThatThrownBy(() -> signature.dataToSign(new FileDocument(document.toFile())))
                .isInstanceOf(InvalidPasswordException.class);
    }

    @Test
    void theDetailedReportComesWhenItIsAskedFor() throws IOException {
        var document = folder.resolve("plain.pdf");
        Files.write(document, content("a.pdf"));
        assertThat(validate.validate(document, Optional.empty(), true).detailed())
                .contains("<DetailedReport");
        assertThat(validate.validate(document, Optional.empty(), false).detailed())
                .isNull();
    }
}
