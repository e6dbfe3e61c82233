package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.countersign.systemtests.harness.Documents;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.Pdf;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.TestAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Documents that come back signed, in every format, and are judged. */
@ExtendWith(RunningServer.class)
class DocumentsIT {

    private static final String TOO_LARGE = "Payload is too large: 20 megabytes in this format";
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
    @EnumSource
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
    void certificatesAreJudgedByThemselves() {
        var documents = enrolled("documents-certificates", KeyKind.P_256);
        var holder = documents.holder();
        var chain = holder.caller()
                .info(holder.credential(), Map.of("certificates", "chain"))
                .ok()
                .json()
                .at("/cert/certificates");
        var pem = new StringBuilder();
        chain.forEach(certificate -> pem.append("-----BEGIN CERTIFICATE-----\n")
                .append(certificate.asText())
                .append("\n-----END CERTIFICATE-----\n"));
        var parts = Map.of("document", pem.toString().getBytes(StandardCharsets.US_ASCII));
        var found = documents.validate(parts).ok().json();
        assertThat(found.path("signaturesCount").asInt()).isZero();
        assertThat(found.path("certificates"))
                .hasSize(chain.size())
                .allSatisfy(
                        certificate -> assertThat(certificate.path("indication").asText())
                                .as(certificate.toPrettyString())
                                .isEqualTo("PASSED"));
        assertThat(found.at("/certificates/0/subject").asText()).contains("CN=documents-certificates");
        assertThat(found.at("/certificates/0/certificates")).hasSize(chain.size());
        assertThat(Http.send(documents.request("validate/page", parts).setHeader("Accept", "text/html"))
                        .ok()
                        .body())
                .contains("<h1>Certificates</h1>", "CN=documents-certificates");
        var stranger = new TestAuthority("Strangers").rootPem().getBytes(StandardCharsets.US_ASCII);
        assertThat(documents
                        .validate(Map.of("document", stranger))
                        .ok()
                        .json()
                        .at("/certificates/0/indication")
                        .asText())
                .isEqualTo("INDETERMINATE");
    }

    private static Map<String, Object> place(int x, int y, String text) {
        return Map.of("page", 1, "x", x, "y", y, "width", 100, "height", 40, "text", text);
    }

    private static byte[] picture(int width, int height) {
        try {
            var out = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", out);
            return out.toByteArray();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void aPdfShowsItsSignatures() {
        var documents = enrolled("documents-visible", KeyKind.P_256);
        var first = documents.signVisibly(
                Map.of("visible", Map.of("field", "Here", "text", "Zoë Žižek")),
                Map.of("document", Pdf.withField(), "image", picture(40, 40)));
        judgedValid(documents, first, "PAdES-BASELINE-B");
        assertThat(Pdf.signatures(first)).contains("Signature is Valid", "Signature Field Name: Here");
        assertThat(Pdf.text(first, 20, 120, 160, 50)).contains("Zoë").contains("Žižek");
        assertThat(Pdf.text(first, 0, 0, 200, 120)).isBlank();

        var second = documents.signVisibly(
                Map.of("visible", place(10, 20, "second"), "level", "B-LTA"), Map.of("document", first));
        assertThat(documents
                        .validate(Map.of("document", second))
                        .ok()
                        .json()
                        .path("validSignaturesCount")
                        .asInt())
                .isEqualTo(2);
        assertThat(Pdf.text(second, 10, 20, 100, 40)).contains("second");
    }

    @Test
    void whatAPdfShowsIsAuthorizedWithIt() {
        var documents = enrolled("documents-shown", KeyKind.P_256);
        var parts = Map.of("document", Pdf.of("shown"), "image", picture(40, 40));
        var prepared = documents
                .digestVisibly(Map.of("visible", place(10, 20, "shown")), parts)
                .ok()
                .json();
        var parameters = (ObjectNode) Documents.withSad(prepared, documents.sad(prepared));
        var other = parameters.deepCopy();
        ((ObjectNode) other.path("visible")).put("text", "other");
        for (var changed : List.of(
                Map.of("document", Pdf.of("shown"), "image", picture(40, 40), "parameters", bytes(other)),
                Map.of("document", Pdf.of("shown"), "image", picture(41, 40), "parameters", bytes(parameters)),
                Map.of("document", Pdf.of("shown"), "parameters", bytes(parameters)))) {
            Http.send(documents.request("documents/sign", changed).setHeader("Accept", "application/octet-stream"))
                    .refused(400, "invalid_request", NOT_AUTHORIZED);
        }
        Http.bytes(documents
                .request(
                        "documents/sign",
                        Map.of("document", Pdf.of("shown"), "image", picture(40, 40), "parameters", bytes(parameters)))
                .setHeader("Accept", "application/octet-stream"));
    }

    private static byte[] bytes(ObjectNode parameters) {
        return parameters.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatAPdfCanNotShowIsRefused() {
        var documents = enrolled("documents-not-shown", KeyKind.P_256);
        var pdf = Map.of("document", Pdf.withField());
        documents
                .digestVisibly(Map.of("visible", place(150, 20, "x")), pdf)
                .refused(400, "invalid_request", "visible must be within the page");
        documents
                .digestVisibly(Map.of("visible", place(10, 120, "x")), pdf)
                .refused(400, "invalid_request", "visible overlaps a field or a note of the page");
        documents
                .digestVisibly(Map.of("visible", Map.of("field", "There", "text", "x")), pdf)
                .refused(400, "invalid_request", "visible.field must be a signature field of the document");
        documents
                .digestVisibly(
                        Map.of("visible", place(10, 20, "x")),
                        Map.of("document", Pdf.of("a"), "image", picture(2000, 1000)))
                .refused(400, "invalid_request", "image must have 1,000,000 bytes and 1,000,000 pixels at most");
        documents
                .digestVisibly(Map.of("visible", place(10, 20, "x".repeat(300))), Map.of("document", Pdf.of("a")))
                .refused(400, "invalid_request", "visible has no room for the text");
        var judged = Map.of("document", Pdf.of("a"), "image", picture(10, 10));
        documents.validate(judged).refused(400, "invalid_request", "image is for signing");
        Http.send(documents.request("validate/page", judged).setHeader("Accept", "text/html"))
                .refused(400, "invalid_request", "image is for signing");
        documents
                .digestVisibly(Map.of(), Map.of("document", Pdf.of("a"), "image", picture(10, 10)))
                .refused(400, "invalid_request", "image is for a visible signature");
        documents
                .digestVisibly(Map.of("visible", Map.of("page", 1, "x", 0, "y", 0, "width", 100, "height", 20)), pdf)
                .refused(400, "invalid_request", "visible needs a text or an image");
    }

    @Test
    void aCertifiedPdfIsOpenToWhatItSays() {
        var documents = enrolled("documents-certified", KeyKind.P_256);
        var closed = documents.signVisibly(Map.of("certify", 1), Map.of("document", Pdf.withField()));
        judgedValid(documents, closed, "PAdES-BASELINE-B");
        documents
                .digestVisibly(Map.of(), Map.of("document", closed))
                .refused(400, "invalid_request", "The document's author permits no further signatures");
        var open = documents.signVisibly(Map.of("certify", 2), Map.of("document", Pdf.withField()));
        documents
                .digestVisibly(Map.of("certify", 2), Map.of("document", open))
                .refused(400, "invalid_request", "The document has signatures already and can not be certified");
        var twice = documents.signVisibly(
                Map.of("visible", Map.of("field", "Here", "text", "second")), Map.of("document", open));
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

    @ParameterizedTest
    @EnumSource
    void everyFormatHasEveryLevelWithStampsOfTheConfiguredAuthority(KeyKind kind) {
        var documents = enrolled("documents-stamped-" + kind, kind);
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
            for (var container : List.of("ASiC-S", "ASiC-E")) {
                for (var format : List.of("XAdES", "CAdES")) {
                    var wish = wish("format", format, "level", level, "container", container);
                    stamped(documents, documents.sign(wish, text), format, level);
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
        for (var document : List.of(bomb, file, "no XML", "<a>")) {
            refused(documents, "XAdES", document);
        }
        for (var document : List.of("no PDF", "%PDF-1.7", "%PDF-1.7\n1 0 obj\n" + "[".repeat(500_000))) {
            refused(documents, "PAdES", document);
        }
        // Not a document with signatures, in whatever way that is said.
        for (var document : List.of(
                zip(150_000_000),
                java.util.Arrays.copyOf(pdf, 60),
                ("<a>".repeat(200_000) + "</a>".repeat(200_000)).getBytes(StandardCharsets.UTF_8),
                "{\"a\":".repeat(500_000).getBytes(StandardCharsets.UTF_8),
                "nothing".getBytes(StandardCharsets.UTF_8))) {
            var answer = documents.validate(Map.of("document", document));
            if (answer.isOk()) {
                assertThat(answer.json().path("signaturesCount").asInt()).isZero();
            } else {
                assertThat(answer.refusal().status()).isEqualTo(400);
            }
        }
        documents.validate(Map.of()).refused(400, "invalid_request", "document is required");
        documents.validate(Map.of("document", new byte[0])).refused(400, "invalid_request", "document is required");
        documents
                .validate(Map.of("other", pdf))
                .refused(
                        400,
                        "invalid_request",
                        "The parts are document, parameters, image, and for validation original");
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
            var folders = files.filter(path -> path.endsWith("uploads") && Files.isDirectory(path))
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
        documents.digest(wish("format", "CAdES"), large).refused(413, "invalid_request", TOO_LARGE);
        documents
                .digest(wish("format", "JAdES", "packaging", "detached"), large)
                .refused(413, "invalid_request", TOO_LARGE);
        assertThat(indication(documents, Map.of("document", signature, "original", large)))
                .isEqualTo("TOTAL_PASSED");
        documents
                .validate(Map.of("document", "<a/>".getBytes(StandardCharsets.UTF_8), "original", large))
                .refused(413, "invalid_request", TOO_LARGE);
    }

    /** As the hash of other keys has its length. */
    @Test
    void aMessageOfEd25519IsAsLongAsOneIsSigned() {
        enrolled("documents-message", KeyKind.ED25519)
                .digest(wish("format", "JAdES"), new byte[100_000])
                .refused(400, "invalid_request", "A message for ED25519 has 1 to 65536 bytes");
    }

    @Test
    void anOriginalIsForValidation() {
        var documents = enrolled("documents-original", KeyKind.P_256);
        Http.send(documents.request("documents/digest", Map.of("document", Pdf.of("a"), "original", Pdf.of("b"))))
                .refused(400, "invalid_request", "original is for validation");
    }

    /** The administrator is a client of no tenant. */
    @Test
    void whatATenantTrustsIsNoMatterToOthers() {
        var documents = enrolled("documents-trust", KeyKind.P_256);
        var signed = documents.sign(wish("format", "PAdES"), Pdf.of("ours"));
        judgedValid(documents, signed, "PAdES-BASELINE-B");
        var others = Http.send(
                        documents.request(platform.globex().asAdministrator(), "validate", Map.of("document", signed)))
                .ok()
                .json()
                .path("signatures")
                .path(0);
        assertThat(others.path("subIndication").asText()).isEqualTo("NO_CERTIFICATE_CHAIN_FOUND");
    }

    private static void refused(Documents documents, String format, String document) {
        var bytes = document.getBytes(StandardCharsets.UTF_8);
        documents
                .digest(wish("format", format), bytes)
                .refused(400, "invalid_request", "The document can not be signed in this format");
        assertThat(documents.validate(Map.of("document", bytes)).status()).isEqualTo(400);
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
