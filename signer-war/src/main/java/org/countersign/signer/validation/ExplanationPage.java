package org.countersign.signer.validation;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/** An explanation as a page to read: HTML without scripts that loads nothing. */
final class ExplanationPage {

    private static final String STYLE = "body{font:1rem/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;"
            + "color:#1b1b1b;background:#fff}dt{font-weight:bold}dd{margin:0 0 .5rem}"
            + "section{border:1px solid #767676;padding:0 1rem;margin:1rem 0}";

    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'sha256-"
            + Base64.getEncoder().encodeToString(DigestUtils.sha256(STYLE.getBytes(StandardCharsets.UTF_8)))
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> VERDICTS = Map.of(
            "TOTAL_PASSED", "Valid",
            "PASSED", "Valid",
            "TOTAL_FAILED", "Not valid",
            "FAILED", "Not valid");

    private final StringBuilder out = new StringBuilder();

    private ExplanationPage() {}

    static String of(Explanation explanation) {
        var page = new ExplanationPage();
        page.write(explanation);
        return page.out.toString();
    }

    private void write(Explanation explanation) {
        var certificates = explanation.certificates();
        var title = "Signatures";
        int all = explanation.signaturesCount();
        long valid = explanation.validSignaturesCount();
        if (!certificates.isEmpty()) {
            title = "Certificates";
            all = certificates.size();
            valid = certificates.stream()
                    .filter(Explanation.Certificate::isPassed)
                    .count();
        }
        out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(title)
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body><main><h1>")
                .append(title)
                .append("</h1><p>")
                .append(valid)
                .append(" of ")
                .append(all)
                .append(" valid at ");
        text(explanation.validationTime());
        out.append("</p>");
        certificates.forEach(this::certificate);
        explanation.signatures().forEach(this::signature);
        explanation.timestamps().forEach(this::timestamp);
        out.append("</main></body></html>\n");
    }

    private void signature(Explanation.Signature signature) {
        out.append("<section><h2>");
        text(verdict(signature.indication()));
        out.append("</h2><dl>");
        entry("Signed by", signature.signedBy());
        entry("Signing time, as the signer says", signature.signingTime());
        entry("There at the latest", signature.bestSignatureTime());
        entry("Format", signature.format());
        entry("Reason", signature.subIndication());
        entries("Covers", signature.covers());
        entries("Certificates", signature.certificates());
        entries("Errors", signature.errors());
        entries("Warnings", signature.warnings());
        entries("Information", signature.information());
        out.append("</dl>");
        signature.timestamps().forEach(this::timestamp);
        out.append("</section>");
    }

    private void certificate(Explanation.Certificate certificate) {
        out.append("<section><h2>");
        text(verdict(certificate.indication()));
        out.append("</h2><dl>");
        entry("Subject", certificate.subject());
        entry("Issuer", certificate.issuer());
        entry("Serial number", certificate.serialNumber());
        entry("Not before", certificate.notBefore());
        entry("Not after", certificate.notAfter());
        entry("Revoked", certificate.revokedAt());
        entry("Reason of the revocation", certificate.revocationReason());
        entry("Reason", certificate.subIndication());
        entries("Chain", certificate.certificates());
        entries("Errors", certificate.errors());
        entries("Warnings", certificate.warnings());
        entries("Information", certificate.information());
        out.append("</dl></section>");
    }

    private void timestamp(Explanation.Timestamp timestamp) {
        out.append("<h3>Time stamp: ");
        text(verdict(timestamp.indication()));
        out.append("</h3><dl>");
        entry("By", timestamp.producedBy());
        entry("Time", timestamp.productionTime());
        entry("Reason", timestamp.subIndication());
        entries("Errors", timestamp.errors());
        entries("Warnings", timestamp.warnings());
        out.append("</dl>");
    }

    private static String verdict(String indication) {
        return VERDICTS.getOrDefault(indication, "Can not be decided");
    }

    private void entries(String name, List<String> values) {
        values.forEach(value -> entry(name, value));
    }

    private void entry(String name, String value) {
        if (value != null) {
            out.append("<dt>").append(name).append("</dt><dd>");
            text(value);
            out.append("</dd>");
        }
    }

    /** What a document says of itself is text and nothing else. */
    private void text(String value) {
        out.append(value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;"));
    }
}
