package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
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
        return new Documents(platform.atGlobex().multiSignature(10).kind(kind).enrol(seat));
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
}
