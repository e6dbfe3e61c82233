package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.systemtests.harness.CscClient.of;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.systemtests.harness.AtOnce;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.Documents;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.Pdf;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CSC API 2.0.0.2 §11.11: documents whose own hashes are authorized. */
@ExtendWith(RunningServer.class)
class CscSignDocIT {

    private static final String SIGN_DOC = "signatures/signDoc";
    private static final String SHA256_WITH_ECDSA = "1.2.840.10045.4.3.2";
    private static final String SHA_256 = "2.16.840.1.101.3.4.2.1";
    private static final String SHA_512 = "2.16.840.1.101.3.4.2.3";
    private static final String PSS_SHA_512 =
            "MDmgDzANBglghkgBZQMEAgMFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgMFAKIDAgFAowMCAQE=";
    private static final byte[] PDF = Pdf.of("contract");
    private static final byte[] TEXT = "a text".getBytes(StandardCharsets.UTF_8);
    private static final byte[] XML = "<order><item>1</item></order>".getBytes(StandardCharsets.UTF_8);
    private static final byte[] JSON = "{\"order\": 1}".getBytes(StandardCharsets.UTF_8);

    private final Platform platform;

    CscSignDocIT(Platform platform) {
        this.platform = platform;
    }

    private Holder enrolled(String seat, KeyKind kind) {
        return platform.atGlobex().multiSignature(5).kind(kind).enrol("sign-doc-" + seat);
    }

    private CscClient csc(Holder holder) {
        return new CscClient(platform.globex(), holder.caller().token()).v2();
    }

    private static Map<String, Object> document(byte[] content, String format, Object... more) {
        var document = new LinkedHashMap<String, Object>();
        document.put("document", Base64.getEncoder().encodeToString(content));
        document.put("signature_format", format);
        document.put("signAlgo", SHA256_WITH_ECDSA);
        for (int i = 0; i < more.length; i += 2) {
            document.put((String) more[i], more[i + 1]);
        }
        return document;
    }

    private static List<byte[]> hashes(byte[]... documents) {
        return Stream.of(documents).map(DigestUtils::sha256).toList();
    }

    private static Map<String, Object> request(Holder holder, String sad, List<?> documents) {
        return of(holder, "SAD", sad, "documents", documents);
    }

    private static byte[] decoded(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    @Test
    void documentsOfEveryFormatAreSignedUnderOneSad() {
        var holder = enrolled("formats", KeyKind.P_256);
        var sad = holder.sad(hashes(PDF, XML, JSON, TEXT, TEXT));
        var answer = csc(holder)
                .call(
                        SIGN_DOC,
                        request(
                                holder,
                                sad,
                                List.of(
                                        document(PDF, "P", "conformance_level", "AdES-B-T"),
                                        document(JSON, "J"),
                                        document(XML, "X", "conformance_level", "Ades-B-B"),
                                        document(TEXT, "C"),
                                        document(TEXT, "C", "signed_envelope_property", "Detached"))))
                .ok();
        var documents = answer.texts("DocumentWithSignature");
        var signatures = answer.texts("SignatureObject");
        assertThat(documents).hasSize(2);
        assertThat(signatures).hasSize(3);

        var judge = new Documents(holder);
        assertThat(Pdf.signatures(decoded(documents.get(0)))).contains("Signature is Valid", "Total document signed");
        judgedValid(judge, Map.of("document", decoded(documents.get(0))), "PAdES-BASELINE-T");
        judgedValid(judge, Map.of("document", decoded(documents.get(1))), "XAdES-BASELINE-B");
        judgedValid(judge, Map.of("document", decoded(signatures.get(0))), "JAdES-BASELINE-B");
        judgedValid(judge, Map.of("document", decoded(signatures.get(1))), "CAdES-BASELINE-B");
        judgedValid(judge, Map.of("document", decoded(signatures.get(2)), "original", TEXT), "CAdES-BASELINE-B");
    }

    /** The documents stay with the client. */
    @ParameterizedTest
    @EnumSource(names = {"P_256", "PSS_3072", "ED25519"})
    void hashesAreSignedWithoutTheirDocuments(KeyKind kind) throws Exception {
        var holder = enrolled("digests-" + kind, kind);
        var judge = new Documents(holder);
        for (var format : Map.of("X", "XAdES", "C", "CAdES", "J", "JAdES").entrySet()) {
            for (var level : List.of("B", "T", "LT")) {
                var other = "another text".getBytes(StandardCharsets.UTF_8);
                var signatures =
                        signatures(holder, digest(kind, format.getKey(), level, hash(kind, TEXT), hash(kind, other)));
                var name = format.getValue() + "-BASELINE-" + level;
                judgedValid(judge, Map.of("document", decoded(signatures.get(0)), "original", TEXT), name);
                judgedValid(judge, Map.of("document", decoded(signatures.get(1)), "original", other), name);
            }
        }
        for (var level : List.of("B", "T")) {
            var signed = Pdf.signed(range -> decoded(signatures(holder, digest(kind, "P", level, hash(kind, range)))
                    .get(0)));
            judgedValid(judge, Map.of("document", signed), "PAdES-BASELINE-" + level);
            if (kind != KeyKind.ED25519) {
                // This Poppler knows no Ed25519.
                assertThat(Pdf.signatures(signed)).contains("Signature is Valid", "Total document signed");
            }
        }
    }

    private List<String> signatures(Holder holder, Map<String, Object> digests) {
        var hashes = ((List<?>) digests.get("hashes"))
                .stream().map(hash -> decoded((String) hash)).toList();
        var answer = csc(holder)
                .call(SIGN_DOC, of(holder, "SAD", holder.sad(hashes), "documentDigests", List.of(digests)))
                .ok();
        assertThat(answer.json().has("DocumentWithSignature")).isFalse();
        return answer.texts("SignatureObject");
    }

    private static byte[] hash(KeyKind kind, byte[] document) {
        return kind == KeyKind.P_256 ? DigestUtils.sha256(document) : DigestUtils.sha512(document);
    }

    private static Map<String, Object> digest(KeyKind kind, String format, String level, byte[]... hashes) {
        var digest = new LinkedHashMap<String, Object>();
        digest.put(
                "hashes",
                Stream.of(hashes).map(Base64.getEncoder()::encodeToString).toList());
        digest.put("hashAlgorithmOID", kind == KeyKind.P_256 ? SHA_256 : SHA_512);
        digest.put("signature_format", format);
        digest.put("conformance_level", "AdES-B-" + level);
        switch (kind) {
            case PSS_3072 -> {
                digest.put("signAlgo", "1.2.840.113549.1.1.10");
                digest.put("signAlgoParams", PSS_SHA_512);
            }
            case ED25519 -> digest.put("signAlgo", "1.3.101.112");
            default -> digest.put("signAlgo", SHA256_WITH_ECDSA);
        }
        return digest;
    }

    @Test
    void wrongDigestsAreRefusedAndUseNothingUp() {
        var holder = enrolled("bad-digests", KeyKind.P_256);
        var sad = holder.sad(hashes(TEXT));
        var good = digest(KeyKind.P_256, "C", "B", hash(KeyKind.P_256, TEXT));
        badDigest(holder, sad, good, "hashes", null, "Missing (or invalid type) array parameter hashes");
        badDigest(holder, sad, good, "hashes", List.of(), "Empty hash array");
        badDigest(holder, sad, good, "hashes", List.of("*"), "Invalid Base64 hashes string parameter");
        badDigest(holder, sad, good, "hashes", List.of("AAAA"), "Invalid digest value length");
        badDigest(
                holder,
                sad,
                good,
                "hashAlgorithmOID",
                SHA_512,
                "String parameter hashAlgorithmOID contradicts with signAlgo parameter");
        badDigest(holder, sad, good, "conformance_level", "AdES-B-LTA", "Invalid parameter conformance_level");
        badDigest(
                holder,
                sad,
                good,
                "signed_envelope_property",
                "Attached",
                "Invalid parameter signed_envelope_property");
        var plain = new LinkedHashMap<>(good);
        plain.put("signAlgo", "1.2.840.10045.2.1");
        badDigest(
                holder,
                sad,
                plain,
                "hashAlgorithmOID",
                null,
                "Missing (or invalid type) string parameter hashAlgorithmOID");
        badDigest(holder, sad, plain, "hashAlgorithmOID", "x", "Invalid parameter hashAlgorithmOID");
        refused(
                holder,
                of(holder, "SAD", sad, "documentDigests", List.of("x")),
                "Invalid object parameter documentDigests");
        refused(
                holder,
                of(holder, "SAD", sad, "documentDigests", List.of(good), "documents", List.of(document(TEXT, "C"))),
                "Both documentDigests and documents parameters passed");
        var many = new LinkedHashMap<>(good);
        many.put("hashes", Collections.nCopies(21, ((List<?>) good.get("hashes")).get(0)));
        refused(
                holder,
                of(holder, "SAD", sad, "documentDigests", List.of(many)),
                "Invalid object parameter documentDigests");
        var pdf = new LinkedHashMap<>(good);
        pdf.put("signature_format", "P");
        badDigest(holder, sad, pdf, "conformance_level", "AdES-B-LT", "Invalid parameter conformance_level");
        refused(
                holder,
                of(
                        holder,
                        "SAD",
                        sad,
                        "documentDigests",
                        List.of(digest(KeyKind.P_256, "C", "B", hash(KeyKind.P_256, XML)))),
                "documentDigests or documents are not authorized by the SAD");
        refused(
                holder,
                of(holder, "SAD", sad, "documentDigests", List.of()),
                "Empty documentDigests and documents objects");
        csc(holder)
                .call(SIGN_DOC, of(holder, "SAD", sad, "documentDigests", List.of(good)))
                .ok();
        refused(holder, of(holder, "SAD", sad, "documentDigests", List.of(good)), "Invalid parameter SAD");
    }

    private void badDigest(
            Holder holder, String sad, Map<String, Object> good, String member, Object value, String description) {
        var digest = new LinkedHashMap<>(good);
        digest.put(member, value);
        refused(holder, of(holder, "SAD", sad, "documentDigests", List.of(digest)), description);
    }

    private static void judgedValid(Documents judge, Map<String, byte[]> parts, String format) {
        var signature = judge.validate(parts).ok().json().path("signatures").path(0);
        assertThat(signature.path("indication").asText())
                .as(signature.toPrettyString())
                .isEqualTo("TOTAL_PASSED");
        assertThat(signature.path("format").asText()).isEqualTo(format);
    }

    @Test
    void aPdfIsCertified() {
        var holder = enrolled("certified", KeyKind.P_256);
        var answer = csc(holder)
                .call(
                        SIGN_DOC,
                        request(
                                holder,
                                holder.sad(hashes(PDF)),
                                List.of(document(PDF, "P", "signed_envelope_property", "Certification"))))
                .ok();
        var certified = decoded(answer.texts("DocumentWithSignature").get(0));
        judgedValid(new Documents(holder), Map.of("document", certified), "PAdES-BASELINE-B");
        assertThat(new String(certified, StandardCharsets.ISO_8859_1)).contains("/DocMDP");
        refused(
                holder,
                request(
                        holder,
                        holder.sad(hashes(certified)),
                        List.of(document(certified, "P", "signed_envelope_property", "Certification"))),
                "The document has signatures already and can not be certified");
    }

    @Test
    void ed25519SignsDocumentsAuthorizedByTheirSha256() {
        var holder = enrolled("ed25519", KeyKind.ED25519);
        var sad = holder.sad(hashes(TEXT));
        var signature = csc(holder)
                .call(SIGN_DOC, request(holder, sad, List.of(document(TEXT, "C", "signAlgo", "1.3.101.112"))))
                .ok()
                .texts("SignatureObject")
                .get(0);
        judgedValid(new Documents(holder), Map.of("document", decoded(signature)), "CAdES-BASELINE-B");
    }

    @Test
    void nothingIsSignedButWhatWasAuthorizedAndThatOnce() throws InterruptedException {
        var holder = enrolled("once", KeyKind.P_256);
        var csc = csc(holder);
        var sad = holder.sad(hashes(TEXT));
        refused(
                holder,
                request(holder, sad, List.of(document(JSON, "J"))),
                "documentDigests or documents are not authorized by the SAD");
        refused(
                holder,
                request(holder, sad, List.of(document(TEXT, "C"), document(JSON, "J"))),
                "documentDigests or documents are not authorized by the SAD");
        refused(
                holder,
                request(holder, sad, List.of(document(TEXT, "C"), document(TEXT, "C"))),
                "Invalid parameter SAD");

        var good = request(holder, sad, List.of(document(TEXT, "C")));
        var answers = AtOnce.call(3, which -> csc.call(SIGN_DOC, good));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        refused(holder, good, "Invalid parameter SAD");
    }

    @Test
    void whatIsWrongIsToldInTheWordsOfTheSpecificationAndUsesUpNothing() {
        var holder = enrolled("refused", KeyKind.P_256);
        var sad = holder.sad(hashes(TEXT));
        var good = request(holder, sad, List.of(document(TEXT, "C")));
        expect(holder, good, "SAD", null, "Missing (or invalid type) string parameter SAD");
        expect(holder, good, "SAD", "x", "Invalid parameter SAD");
        expect(holder, good, "credentialID", null, "Missing (or invalid type) string parameter credentialID");
        expect(holder, good, "credentialID", "x", "Invalid parameter credentialID");
        expect(holder, good, "documents", null, "Empty documentDigests and documents objects");
        expect(holder, good, "documents", List.of(), "Empty documentDigests and documents objects");
        expect(holder, good, "documents", "x", "Invalid array parameter documents");
        expect(holder, good, "documents", List.of("x"), "Invalid array parameter documents");
        expect(
                holder,
                good,
                "documentDigests",
                List.of(Map.of()),
                "Both documentDigests and documents parameters passed");
        expect(holder, good, "operationMode", "A", "Invalid parameter operationMode");
        expect(holder, good, "response_uri", "https://example.org", "Invalid parameter response_uri");
        expect(holder, good, "returnValidationInfo", true, "Invalid parameter returnValidationInfo");
        expect(holder, good, "clientData", 1, "Invalid parameter clientData");

        wrong(holder, sad, "document", "?", "Invalid Base64 documents string parameter");
        wrong(holder, sad, "signature_format", null, "Missing (or invalid type) string parameter signature_format");
        wrong(holder, sad, "signature_format", "Z", "Invalid parameter signature_format");
        wrong(holder, sad, "conformance_level", "Ades-B-X", "Invalid parameter conformance_level");
        wrong(holder, sad, "signed_envelope_property", "Parallel", "Invalid parameter signed_envelope_property");
        wrong(
                holder,
                sad,
                "signed_props",
                List.of(Map.of("attribute_name", "Reason")),
                "Invalid parameter signed_props");
        wrong(holder, sad, "signAlgo", null, "Missing (or invalid type) string parameter signAlgo");
        wrong(holder, sad, "signAlgo", "1.2.840.113549.1.1.11", "Invalid parameter signAlgo");
        wrong(holder, sad, "hashAlgorithmOID", "x", "Invalid parameter hashAlgorithmOID");
        refused(
                holder,
                request(
                        holder,
                        sad,
                        List.of(document(TEXT, "C"), document(TEXT, "C", "signAlgo", "1.2.840.10045.4.3.3"))),
                "Invalid parameter signAlgo");

        csc(holder).call(SIGN_DOC, good).ok();
    }

    @Test
    void aBodyIsLimited() {
        var holder = enrolled("large", KeyKind.P_256);
        csc(holder).call(SIGN_DOC, " ".repeat(14_000_001)).refused(413, "invalid_request", "Payload is too large");
    }

    private void wrong(Holder holder, String sad, String member, Object value, String description) {
        var document = document(TEXT, "C", "signAlgo", "1.2.840.10045.2.1");
        document.put(member, value);
        refused(holder, request(holder, sad, List.of(document)), description);
    }

    private void expect(Holder holder, Map<String, Object> good, String name, Object value, String description) {
        var parameters = new LinkedHashMap<>(good);
        parameters.put(name, value);
        refused(holder, parameters, description);
    }

    private void refused(Holder holder, Map<String, Object> parameters, String description) {
        csc(holder).call(SIGN_DOC, parameters).refused(400, "invalid_request", description);
    }
}
