package org.countersign.signer.validation;

import java.util.List;

/**
 * What is said of a signed document, or of certificates by themselves.
 *
 * @param validationTime ISO 8601, as all times here
 * @param certificates of a file of certificates, in its order; a signed document has none here
 * @param detailed the report of each check in DSS's XML, where it was asked for
 */
public record Explanation(
        String validationTime,
        int signaturesCount,
        int validSignaturesCount,
        List<Signature> signatures,
        List<Timestamp> timestamps,
        List<Certificate> certificates,
        String detailed) {

    static Explanation ofCertificates(String validationTime, List<Certificate> certificates) {
        return new Explanation(validationTime, 0, 0, List.of(), List.of(), certificates, null);
    }

    /**
     * A signature.
     *
     * @param indication {@code TOTAL_PASSED}, {@code TOTAL_FAILED} or {@code INDETERMINATE} (ETSI EN 319 102-1 §5.1.3)
     * @param subIndication why it is not passed
     * @param format such as {@code PAdES-BASELINE-B}
     * @param signingTime that the signer claims
     * @param bestSignatureTime at which it is proven to have been there
     * @param covers what of the document it is of
     * @param certificates the names of its chain, the signer's first
     */
    public record Signature(
            String id,
            String indication,
            String subIndication,
            String format,
            String signedBy,
            String signingTime,
            String bestSignatureTime,
            List<String> covers,
            List<String> certificates,
            List<String> errors,
            List<String> warnings,
            List<String> information,
            List<Timestamp> timestamps) {}

    /**
     * A time stamp, on a signature or a document.
     *
     * @param indication {@code PASSED}, {@code FAILED} or {@code INDETERMINATE}
     */
    public record Timestamp(
            String id,
            String indication,
            String subIndication,
            String producedBy,
            String productionTime,
            List<String> errors,
            List<String> warnings) {}

    /**
     * A certificate.
     *
     * @param indication {@code PASSED}, {@code FAILED} or {@code INDETERMINATE} (ETSI EN 319 102-1 §5.2.6)
     * @param subIndication why it is not passed
     * @param subject by RFC 2253, as {@code issuer}
     * @param serialNumber hexadecimal
     * @param revokedAt where it was revoked
     * @param certificates the names of its chain, its own first
     * @param detailed as that of documents
     */
    public record Certificate(
            String indication,
            String subIndication,
            String subject,
            String issuer,
            String serialNumber,
            String notBefore,
            String notAfter,
            String revokedAt,
            String revocationReason,
            List<String> certificates,
            List<String> errors,
            List<String> warnings,
            List<String> information,
            String detailed) {

        boolean isPassed() {
            return indication.equals("PASSED");
        }
    }
}
