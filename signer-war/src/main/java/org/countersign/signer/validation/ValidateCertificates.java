package org.countersign.signer.validation;

import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.validation.CertificateValidator;
import eu.europa.esig.dss.validation.reports.CertificateReports;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import org.countersign.signer.ades.Trust;

/**
 * Judges certificates by themselves, as those of somebody who signs at this moment. Safe for use by many threads.
 */
final class ValidateCertificates {

    private final Trust trust;
    private final Clock clock;

    /** @param trust where chains may end; what is for time stamps alone does not count */
    ValidateCertificates(Trust trust, Clock clock) {
        this.trust = trust.withoutStamping();
        this.clock = clock;
    }

    /** @param together each may be of another's chain */
    Explanation validate(List<X509Certificate> together, boolean detailed) {
        var tokens = together.stream().map(CertificateToken::new).toList();
        var now = clock.instant();
        return Explanation.ofCertificates(
                now.toString(),
                tokens.stream()
                        .map(token -> explain(token, reports(token, tokens, Date.from(now)), detailed))
                        .toList());
    }

    private CertificateReports reports(CertificateToken token, List<CertificateToken> together, Date now) {
        var others = new CommonCertificateSource();
        together.forEach(others::addCertificate);
        var verifier = trust.verifier();
        verifier.setAdjunctCertSources(others);
        var validator = CertificateValidator.fromCertificate(token);
        validator.setCertificateVerifier(verifier);
        validator.setValidationTime(now);
        return validator.validate(JudgingPolicy.policy());
    }

    private static Explanation.Certificate explain(
            CertificateToken token, CertificateReports reports, boolean detailed) {
        var report = reports.getSimpleReport();
        var id = token.getDSSIdAsString();
        var indication = report.getCertificateIndication(id);
        var names = reports.getDiagnosticData();
        return new Explanation.Certificate(
                (indication == null ? Indication.INDETERMINATE : indication).toString(),
                Explaining.text(report.getCertificateSubIndication(id)),
                token.getSubject().getRFC2253(),
                token.getIssuer().getRFC2253(),
                token.getSerialNumber().toString(16),
                Explaining.time(token.getNotBefore()),
                Explaining.time(token.getNotAfter()),
                Explaining.time(report.getCertificateRevocationDate(id)),
                Explaining.text(report.getCertificateRevocationReason(id)),
                report.getCertificateIds().stream()
                        .map(each -> names.getUsedCertificateById(each).getReadableCertificateName())
                        .toList(),
                Explaining.texts(report.getX509ValidationErrors(id)),
                Explaining.texts(report.getX509ValidationWarnings(id)),
                Explaining.texts(report.getX509ValidationInfo(id)),
                detailed ? reports.getXmlDetailedReport() : null);
    }
}
