package org.countersign.signer.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.server.keys.SignatureAlgorithm.ED25519;
import static org.countersign.server.keys.SignatureAlgorithm.SHA256WITHECDSA;
import static org.countersign.server.keys.SignatureAlgorithm.SHA256WITHRSA;
import static org.countersign.server.keys.SignatureAlgorithm.SHA256WITHRSAANDMGF1;

import eu.europa.esig.dss.model.FileDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.countersign.server.keys.SignatureAlgorithm;
import org.countersign.signer.ades.Trust;
import org.countersign.signer.validation.Explanation;
import org.countersign.signer.validation.ValidateDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every format with every kind of key, signed as a vault signs, and judged. */
class SignatureInFormatTest {

    private static final Map<SignatureAlgorithm, SigningSeat> SEATS = new EnumMap<>(SignatureAlgorithm.class);
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
                new DocumentRequest("c", "PAdES", null, null, null, null, null, null, "a.pdf", null),
                new DocumentRequest("c", "XAdES", null, "enveloped", null, null, null, null, "a.xml", null),
                new DocumentRequest("c", "XAdES", null, "enveloping", null, null, null, null, "a.xml", null),
                new DocumentRequest("c", "XAdES", null, "detached", null, null, null, null, "a.txt", null),
                new DocumentRequest("c", "CAdES", null, "enveloping", null, null, null, null, "a.txt", null),
                new DocumentRequest("c", "CAdES", null, "detached", null, null, null, null, "a.txt", null),
                new DocumentRequest("c", "JAdES", null, "enveloping", null, null, null, null, "a.json", null),
                new DocumentRequest("c", "JAdES", null, "detached", null, null, null, null, "a.json", null),
                new DocumentRequest("c", "XAdES", "ASiC-E", null, null, null, null, null, "a.txt", null),
                new DocumentRequest("c", "XAdES", "ASiC-S", null, null, null, null, null, "a.txt", null),
                new DocumentRequest("c", "CAdES", "ASiC-E", null, null, null, null, null, "a.txt", null),
                new DocumentRequest("c", "CAdES", "ASiC-S", null, null, null, null, null, "a.txt", null));
        return formats.stream()
                .flatMap(format -> Stream.of(SHA256WITHRSA, SHA256WITHRSAANDMGF1, SHA256WITHECDSA, ED25519)
                        .map(algorithm -> Arguments.of(format, algorithm)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void isJudgedValid(DocumentRequest format, SignatureAlgorithm algorithm) throws IOException {
        var seat = SEATS.computeIfAbsent(algorithm, SigningSeat::of);
        var request = new DocumentRequest(
                "c",
                format.format(),
                format.container(),
                format.packaging(),
                "B-B",
                algorithm.wireName(),
                null,
                null,
                format.name(),
                null);
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
    }

    private SignatureInFormat<?> signature(DocumentParameters wanted, SigningSeat seat) {
        return SignatureInFormat.of(wanted, seat.chain(), trust.verifier(), Optional.empty());
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
}
