package org.countersign.signer.validation;

import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.simplereport.jaxb.XmlTimestamp;
import eu.europa.esig.dss.validation.reports.Reports;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/** DSS's reports, in the words of the API. */
final class Explaining {

    private final SimpleReport report;

    private Explaining(SimpleReport report) {
        this.report = report;
    }

    static Explanation explain(Reports reports, boolean detailed) {
        var explaining = new Explaining(reports.getSimpleReport());
        var report = explaining.report;
        return new Explanation(
                time(report.getValidationTime()),
                report.getSignaturesCount(),
                report.getValidSignaturesCount(),
                report.getSignatureIdList().stream().map(explaining::signature).toList(),
                report.getTimestampIdList().stream().map(explaining::timestamp).toList(),
                List.of(),
                detailed ? reports.getXmlDetailedReport() : null);
    }

    private Explanation.Signature signature(String id) {
        var chain = report.getCertificateChain(id);
        var stamps = Optional.ofNullable(report.getSignatureTimestamps(id)).orElse(List.of());
        var scopes = Optional.ofNullable(report.getSignatureScopes(id)).orElse(List.of());
        return new Explanation.Signature(
                id,
                text(report.getIndication(id)),
                text(report.getSubIndication(id)),
                text(report.getSignatureFormat(id)),
                report.getSignedBy(id),
                time(report.getSigningTime(id)),
                time(report.getBestSignatureTime(id)),
                scopes.stream()
                        .map(scope -> scope.getName() + ": " + scope.getValue())
                        .toList(),
                chain == null
                        ? List.of()
                        : chain.getCertificate().stream()
                                .map(certificate -> certificate.getQualifiedName())
                                .toList(),
                texts(report.getAdESValidationErrors(id)),
                texts(report.getAdESValidationWarnings(id)),
                texts(report.getAdESValidationInfo(id)),
                stamps.stream().map(XmlTimestamp::getId).map(this::timestamp).toList());
    }

    private Explanation.Timestamp timestamp(String id) {
        return new Explanation.Timestamp(
                id,
                text(report.getIndication(id)),
                text(report.getSubIndication(id)),
                report.getProducedBy(id),
                time(report.getProductionTime(id)),
                texts(report.getAdESValidationErrors(id)),
                texts(report.getAdESValidationWarnings(id)));
    }

    static List<String> texts(List<Message> messages) {
        return messages.stream().map(Message::getValue).toList();
    }

    static String text(Enum<?> value) {
        return value == null ? null : value.toString();
    }

    static String time(Date date) {
        return date == null ? null : date.toInstant().toString();
    }
}
