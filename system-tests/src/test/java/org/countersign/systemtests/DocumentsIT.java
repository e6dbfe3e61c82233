package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.Documents;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.Pdf;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Documents that come back signed, in every format, and are judged. */
@ExtendWith(RunningServer.class)
class DocumentsIT {

    private static final String NOT_AUTHORIZED = "Hash is not authorized by the SAD.";

    private final Platform platform;

    DocumentsIT(Platform platform) {
        this.platform = platform;
    }

    private Documents enrolled(String seat, KeyKind kind) {
        return new Documents(platform.atGlobex().multiSignature(2).kind(kind).enrol(seat));
    }

    private static Map<String, String> wish(String... pairs) {
        var wish = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            wish.put(pairs[i], pairs[i + 1]);
        }
        return wish;
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA_2048", "PSS_2048", "P_256", "ED25519"})
    void everyFormatIsSignedAndJudgedValid(KeyKind kind) {
        var documents = enrolled("documents-" + kind, kind);
        var xml = "<order><item>1</item></order>".getBytes(StandardCharsets.UTF_8);
        var json = "{\"order\": 1}".getBytes(StandardCharsets.UTF_8);

        var pdf = documents.sign(wish("format", "PAdES"), Pdf.of("contract"));
        judgedValid(documents, pdf, "PAdES-BASELINE-B");
        if (kind != KeyKind.ED25519) {
            // This Poppler knows no Ed25519.
            assertThat(Pdf.signatures(pdf)).contains("Signature is Valid", "Total document signed");
        }
        judgedValid(documents, documents.sign(wish("format", "XAdES"), xml), "XAdES-BASELINE-B");
        judgedValid(documents, documents.sign(wish("format", "JAdES"), json), "JAdES-BASELINE-B");
        judgedValid(documents, documents.sign(wish("format", "CAdES"), json), "CAdES-BASELINE-B");
        for (var container : List.of("ASiC-S", "ASiC-E")) {
            for (var format : List.of("XAdES", "CAdES")) {
                judgedValid(
                        documents,
                        documents.sign(wish("format", format, "container", container, "name", "order.json"), json),
                        format + "-BASELINE-B");
            }
        }
    }

    private static void judgedValid(Documents documents, byte[] signed, String format) {
        var signature = documents.judged(signed);
        assertThat(signature.path("indication").asText())
                .as(signature.toPrettyString())
                .isEqualTo("TOTAL_PASSED");
        assertThat(signature.path("format").asText()).isEqualTo(format);
        assertThat(signature.path("errors")).isEmpty();
    }

    @Test
    void detachedSignaturesAreJudgedWithTheirOriginals() {
        var documents = enrolled("documents-detached", KeyKind.P_256);
        var original = "a text".getBytes(StandardCharsets.UTF_8);
        for (var format : List.of("XAdES", "JAdES", "CAdES")) {
            var signature = documents.sign(wish("format", format, "packaging", "detached", "name", "a.txt"), original);
            assertThat(new String(signature, StandardCharsets.ISO_8859_1)).doesNotContain("a text");
            assertThat(indication(documents, Map.of("document", signature, "original", original)))
                    .isEqualTo("TOTAL_PASSED");
            assertThat(indication(
                            documents,
                            Map.of("document", signature, "original", "A text".getBytes(StandardCharsets.UTF_8))))
                    .as(format)
                    .isEqualTo("TOTAL_FAILED");
            assertThat(indication(documents, Map.of("document", signature))).isEqualTo("INDETERMINATE");
        }
    }

    private static String indication(Documents documents, Map<String, byte[]> parts) {
        return documents
                .validate(parts)
                .ok()
                .json()
                .path("signatures")
                .path(0)
                .path("indication")
                .asText();
    }

    @Test
    void severalDocumentsAreSignedUnderOneSad() {
        var documents = enrolled("documents-many", KeyKind.P_256);
        var first = Pdf.of("first");
        var second = "second".getBytes(StandardCharsets.UTF_8);
        var preparedFirst =
                documents.digest(wish("format", "PAdES"), first).ok().json();
        var preparedSecond =
                documents.digest(wish("format", "CAdES"), second).ok().json();
        var sad = documents.sad(preparedFirst, preparedSecond);

        var signedSecond = Http.bytes(documents.signing(Documents.withSad(preparedSecond, sad), second));
        var signedFirst = Http.bytes(documents.signing(Documents.withSad(preparedFirst, sad), first));

        judgedValid(documents, signedFirst, "PAdES-BASELINE-B");
        judgedValid(documents, signedSecond, "CAdES-BASELINE-B");
        Http.send(documents.signing(Documents.withSad(preparedFirst, sad), first))
                .refused(400, "invalid_sad", "The SAD is used up");
    }

    @Test
    void aSadIsForTheDocumentAndItsParameters() {
        var documents = enrolled("documents-bound", KeyKind.P_256);
        var document = Pdf.of("bound");
        var prepared = documents.digest(wish("format", "PAdES"), document).ok().json();
        var parameters = (ObjectNode) Documents.withSad(prepared, documents.sad(prepared));

        Http.send(documents.signing(parameters, Pdf.of("other"))).refused(400, "invalid_request", NOT_AUTHORIZED);
        for (var other :
                Map.of("format", "CAdES", "signAlgo", "SHA512WITHECDSA").entrySet()) {
            assertThat(Http.send(documents.signing(
                                    parameters.deepCopy().put(other.getKey(), other.getValue()), document))
                            .status())
                    .isEqualTo(400);
        }
        var signed = Http.bytes(documents.signing(parameters, document));
        judgedValid(documents, signed, "PAdES-BASELINE-B");

        var changed = signed.clone();
        changed[20] ^= 1;
        assertThat(documents.judged(changed).path("indication").asText()).isNotEqualTo("TOTAL_PASSED");
        // An incremental update after it is no matter for the first signature.
        var twice = documents.sign(wish("format", "PAdES"), signed);
        assertThat(Pdf.signatures(twice).split("Signature is Valid", -1)).hasSize(3);
        assertThat(documents
                        .validate(Map.of("document", twice))
                        .ok()
                        .json()
                        .path("validSignaturesCount")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void stampsAreOfTheConfiguredAuthority() {
        var documents = enrolled("documents-stamped", KeyKind.P_256);
        var text = "{\"order\": 1}".getBytes(StandardCharsets.UTF_8);
        for (var level : List.of("B-T", "B-LT", "B-LTA")) {
            for (var format : List.of("PAdES", "XAdES", "JAdES", "CAdES")) {
                var document = switch (format) {
                    case "PAdES" -> Pdf.of("stamped");
                    case "XAdES" -> "<order/>".getBytes(StandardCharsets.UTF_8);
                    default -> text;
                };
                stamped(documents, documents.sign(wish("format", format, "level", level), document), format, level);
            }
            for (var format : List.of("XAdES", "CAdES")) {
                for (var container : List.of("ASiC-S", "ASiC-E")) {
                    stamped(
                            documents,
                            documents.sign(wish("format", format, "level", level, "container", container), text),
                            format,
                            level);
                }
            }
        }
    }

    /** ACME has neither a time-stamping authority nor addresses of lists. */
    @Test
    void levelsAreRefusedThatTheConfigurationHasNoMeansFor() {
        var documents = new Documents(platform.atAcme().enrol("documents-plain"));
        documents
                .digest(wish("format", "PAdES", "level", "B-T"), Pdf.of("plain"))
                .refused(400, "invalid_request", "level B-T needs a timestampAuthority, and none is configured");
        assertThat(Pdf.signatures(documents.sign(wish("format", "PAdES"), Pdf.of("plain"))))
                .contains("Signature is Valid");
    }

    private static void stamped(Documents documents, byte[] signed, String format, String level) {
        judgedValid(documents, signed, format + "-BASELINE-" + level.substring(2));
        var stamp = documents.judged(signed).path("timestamps").path(0);
        assertThat(stamp.path("indication").asText()).as(stamp.toPrettyString()).isEqualTo("PASSED");
        assertThat(stamp.path("producedBy").asText()).isEqualTo("Stamps");
    }

    @Test
    void hostileDocumentsAreRefusedInTheFormOfAllRefusals() throws Exception {
        var documents = enrolled("documents-hostile", KeyKind.P_256);
        var laughs = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            laughs.append("<!ENTITY b" + i + " \"&b" + (i - 1) + ";&b" + (i - 1) + ";\">");
        }
        var bomb = laughs + "]><a>&b29;</a>";
        var file = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>";
        var pdf = Pdf.of("whole");
        var cases = Map.of(
                "XAdES",
                        List.of(
                                bomb.getBytes(StandardCharsets.UTF_8),
                                file.getBytes(StandardCharsets.UTF_8),
                                "no XML".getBytes(StandardCharsets.UTF_8),
                                ("<a>".repeat(200_000) + "</a>".repeat(200_000)).getBytes(StandardCharsets.UTF_8)),
                "PAdES",
                        List.of(
                                "no PDF".getBytes(StandardCharsets.UTF_8),
                                "%PDF-1.7".getBytes(StandardCharsets.UTF_8),
                                java.util.Arrays.copyOf(pdf, 60),
                                ("%PDF-1.7\n1 0 obj\n" + "[".repeat(500_000)).getBytes(StandardCharsets.UTF_8)));
        cases.forEach((format, hostile) -> hostile.forEach(document -> {
            documents.digest(wish("format", format), document).refusal();
            documents.validate(Map.of("document", document)).refusal();
        }));
        for (var document : List.of(
                zip(150_000_000),
                "nothing".getBytes(StandardCharsets.UTF_8),
                "[".repeat(500_000).getBytes(StandardCharsets.UTF_8))) {
            documents.validate(Map.of("document", document)).refusal();
        }
        documents.validate(Map.of()).refused(400, "invalid_request", "document is required");
        documents.validate(Map.of("document", new byte[0])).refused(400, "invalid_request", "document is required");
        documents
                .validate(Map.of("other", pdf))
                .refused(400, "invalid_request", "The parts are document, parameters, and for validation original");
        documents
                .digest(wish("format", "PDF"), pdf)
                .refused(400, "invalid_request", "format must be one of PAdES, XAdES, JAdES, CAdES");
        documents.digest(wish("format", "PAdES", "name", "../a"), pdf).refusal();
        documents
                .digest(wish("format", "PAdES", "signingTime", "2020-01-01T00:00:00Z"), pdf)
                .refused(400, "invalid_request", "signingTime must be within the last 24 hours");
        var elsewhere = enrolled("documents-elsewhere", KeyKind.P_256);
        elsewhere
                .digest(
                        wish(
                                "format",
                                "PAdES",
                                "credentialId",
                                documents.holder().credential()),
                        pdf)
                .refused(404, "not_found", "The credential was not found");
        try (var files = Files.walk(platform.server().folder())) {
            var folders = files.filter(path -> path.endsWith("documents") && Files.isDirectory(path))
                    .toList();
            assertThat(folders).isNotEmpty();
            assertThat(folders).allSatisfy(folder -> assertThat(folder).isEmptyDirectory());
        }
    }

    /** What signs and judges may be as large as is said, and no server holds all of it. */
    @Test
    void aLargeDocumentIsSigned() {
        var documents = enrolled("documents-large", KeyKind.P_256);
        var large = new byte[30_000_000];
        var signature = documents.sign(wish("format", "CAdES", "packaging", "detached"), large);
        assertThat(signature).hasSizeLessThan(10_000);
        documents
                .digest(wish("format", "CAdES"), large)
                .refused(413, "invalid_request", "Payload is too large: 20 megabytes in this format");
    }

    private static byte[] zip(int zeros) throws java.io.IOException {
        var out = new java.io.ByteArrayOutputStream();
        try (var zip = new java.util.zip.ZipOutputStream(out)) {
            zip.putNextEntry(new java.util.zip.ZipEntry("zeros"));
            zip.write(new byte[zeros]);
        }
        return out.toByteArray();
    }
}
