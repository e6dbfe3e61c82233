package org.countersign.signer.validation;

import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.SubIndication;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.validation.CertificateValidator;
import eu.europa.esig.dss.validation.reports.CertificateReports;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.logging.ContextLogger;
import org.countersign.signer.ades.Trust;

/**
 * Judges certificates by themselves, as those of somebody who signs at this moment, by the policy for signatures; whether they are for signing is
 * a warning there. Safe for use by many threads.
 */
final class ValidateCertificates {

    private static final System.Logger LOG = ContextLogger.of(ValidateCertificates.class);

    private final Trust trust;
    private final Clock clock;

    /** @param trust where chains may end; what is for time stamps alone does not count */
    ValidateCertificates(Trust trust, Clock clock) {
        this.trust = trust.withoutStamping();
        this.clock = clock;
    }

    /**
     * @param together each may be of another's chain
     * @throws ProtocolException {@code invalid_request} when one has something that is unknown here
     */
    Explanation validate(List<X509Certificate> together, boolean detailed) {
        // One for all: what it fetches of revocation, it fetches once.
        var verifier = trust.verifier();
        try {
            var now = Date.from(clock.instant());
            var others = new CommonCertificateSource();
            together.forEach(certificate -> others.addCertificate(new CertificateToken(certificate)));
            verifier.setAdjunctCertSources(others);
            return Explanation.ofCertificates(
                    Explaining.time(now),
                    together.stream()
                            .map(certificate -> explain(certificate, verifier, now, detailed))
                            .toList());
        } catch (ProtocolException refusal) {
            throw refusal;
        } catch (RuntimeException | StackOverflowError failed) {
            LOG.log(System.Logger.Level.INFO, "Certificates are not validated", failed);
            throw ProtocolException.invalidRequest("A certificate has something that is not known here");
        }
    }

    private Explanation.Certificate explain(
            X509Certificate certificate, CertificateVerifier verifier, Date now, boolean detailed) {
        var token = new CertificateToken(certificate);
        var validator = CertificateValidator.fromCertificate(token);
        validator.setCertificateVerifier(verifier);
        validator.setValidationTime(now);
        var reports = validator.validate(JudgingPolicy.policy());
        var report = reports.getSimpleReport();
        var id = token.getDSSIdAsString();
        var verdict = verdict(certificate, token, verifier, reports, now);
        var names = reports.getDiagnosticData();
        return new Explanation.Certificate(
                verdict.indication().toString(),
                Explaining.text(verdict.subIndication()),
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
                verdict.error() == null
                        ? Explaining.texts(report.getX509ValidationErrors(id))
                        : List.of(verdict.error()),
                Explaining.texts(report.getX509ValidationWarnings(id)),
                Explaining.texts(report.getX509ValidationInfo(id)),
                detailed ? reports.getXmlDetailedReport() : null);
    }

    /** @param error what DSS does not say, or null */
    private record Verdict(Indication indication, SubIndication subIndication, String error) {}

    /**
     * The whole chain's, which the simple report does not have. Of what has an anchor's name and key DSS looks at nothing else: neither whether it is the anchor, nor
     * at its dates.
     */
    private Verdict verdict(
            X509Certificate certificate,
            CertificateToken token,
            CertificateVerifier verifier,
            CertificateReports reports,
            Date now) {
        if (verifier.getTrustedCertSources().isTrusted(token)) {
            if (!trust.isAnchor(certificate)) {
                return new Verdict(
                        Indication.INDETERMINATE,
                        SubIndication.NO_CERTIFICATE_CHAIN_FOUND,
                        "The certificate has the name and the key of a trusted one, and is another.");
            }
            if (!token.isValidOn(now)) {
                return new Verdict(
                        Indication.INDETERMINATE,
                        SubIndication.OUT_OF_BOUNDS_NO_POE,
                        "The certificate is trusted, and not valid at this moment.");
            }
        }
        var chain = reports.getDetailedReport();
        var id = token.getDSSIdAsString();
        var indication = chain.getBasicBuildingBlocksIndication(id);
        return new Verdict(
                indication == null ? Indication.INDETERMINATE : indication,
                chain.getBasicBuildingBlocksSubIndication(id),
                null);
    }
}
