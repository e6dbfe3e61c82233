package org.countersign.signer.ades;

import eu.europa.esig.dss.enumerations.CertificateStatus;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.RevocationOrigin;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.CertificateExtensionsUtils;
import eu.europa.esig.dss.spi.DSSRevocationUtils;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.OCSPSource;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.OCSPToken;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.logging.ContextLogger;

/**
 * OCSP responders (RFC 6960) of the addresses that certificates name, where the configuration has them. Not safe for use by many threads, but
 * for {@link #once}.
 */
final class RevocationResponders implements OCSPSource {

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = ContextLogger.of(RevocationResponders.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LARGEST = 100_000;
    /** RFC 9654 §2.1. */
    private static final int NONCE = 32;
    /** Between a responder's clock and this one. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final String REQUEST = "application/ocsp-request";
    private static final String RESPONSE = "application/ocsp-response";

    private final transient RevocationAddresses addresses;
    private final transient Entropy entropy;
    private final transient Clock clock;
    private final transient Exchange exchange;
    private final transient Map<Question, Optional<OCSPToken>> asked = new HashMap<>();

    private record Question(String certificate, String issuer, URI address) {}

    RevocationResponders(RevocationAddresses addresses, Entropy entropy, Clock clock) {
        this(addresses, entropy, clock, new Exchange(PATIENCE, LARGEST));
    }

    private RevocationResponders(RevocationAddresses addresses, Entropy entropy, Clock clock, Exchange exchange) {
        this.addresses = addresses;
        this.entropy = entropy;
        this.clock = clock;
        this.exchange = exchange;
    }

    /** For one document, which may ask many times; each responder is asked once of a certificate. */
    RevocationResponders once() {
        return new RevocationResponders(addresses, entropy, clock, exchange);
    }

    @Override
    public OCSPToken getRevocationToken(CertificateToken certificate, CertificateToken issuer) {
        return CertificateExtensionsUtils.getOCSPAccessUrls(certificate).stream()
                .flatMap(text -> addresses.find(text).stream())
                .flatMap(address -> asked
                        .computeIfAbsent(
                                new Question(certificate.getDSSIdAsString(), issuer.getDSSIdAsString(), address),
                                first -> ask(address, certificate, issuer))
                        .stream())
                .findFirst()
                .orElse(null);
    }

    private Optional<OCSPToken> ask(URI address, CertificateToken certificate, CertificateToken issuer) {
        try {
            // By SHA-1 it is named everywhere (RFC 5019 §2.1.1); nothing is protected by that.
            var id = DSSRevocationUtils.getOCSPCertificateID(certificate, issuer, DigestAlgorithm.SHA1);
            var nonce = entropy.bytes(NONCE);
            var response =
                    new OCSPResp(exchange.post(address, REQUEST, request(id, nonce), RESPONSE, Optional.empty()));
            if (response.getStatus() != OCSPResp.SUCCESSFUL
                    || !(response.getResponseObject() instanceof BasicOCSPResp answer)) {
                throw new OCSPException("It does not answer the question");
            }
            requireAnswerTo(nonce, answer);
            var about = about(id, answer);
            requireCurrent(about, answer);
            var token = new OCSPToken(answer, about, certificate, issuer);
            requireResponder(token, issuer);
            if (token.getStatus() != CertificateStatus.GOOD && token.getStatus() != CertificateStatus.REVOKED) {
                throw new OCSPException("It does not know the certificate");
            }
            token.setExternalOrigin(RevocationOrigin.EXTERNAL);
            token.setSourceURL(address.toString());
            return Optional.of(token);
        } catch (IOException | OCSPException | CertificateParsingException | RuntimeException none) {
            LOG.log(System.Logger.Level.WARNING, "A responder's answer about a certificate can not be used", none);
            return Optional.empty();
        }
    }

    private static byte[] request(CertificateID id, byte[] nonce) throws OCSPException, IOException {
        return new OCSPReqBuilder()
                .addRequest(id)
                .setRequestExtensions(new Extensions(new Extension(
                        OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(nonce).getEncoded())))
                .build()
                .getEncoded();
    }

    /** RFC 6960 §4.4.1: responders that make their answers in advance have none, and are held to their times. */
    private static void requireAnswerTo(byte[] nonce, BasicOCSPResp answer) throws OCSPException {
        var extension = answer.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        if (extension != null
                && !MessageDigest.isEqual(
                        nonce,
                        ASN1OctetString.getInstance(extension.getParsedValue()).getOctets())) {
            throw new OCSPException("It answers another question");
        }
    }

    /** RFC 6960 §3.2 (1). One that says two things of the certificate says nothing. */
    private static SingleResp about(CertificateID id, BasicOCSPResp answer) throws OCSPException {
        var about = Stream.of(answer.getResponses())
                .filter(one -> DSSRevocationUtils.matches(id, one))
                .toList();
        if (about.size() != 1) {
            throw new OCSPException("It is not about the certificate, or more than once");
        }
        return about.get(0);
    }

    /** RFC 6960 §3.2 (5), (6): without a next update there is always something newer. */
    private void requireCurrent(SingleResp about, BasicOCSPResp answer) throws OCSPException {
        var now = clock.instant();
        boolean begun = !about.getThisUpdate().toInstant().isAfter(now.plus(SKEW))
                && !answer.getProducedAt().toInstant().isAfter(now.plus(SKEW));
        var until = about.getNextUpdate() == null
                ? about.getThisUpdate().toInstant()
                : about.getNextUpdate().toInstant();
        if (!begun || until.isBefore(now.minus(SKEW))) {
            throw new OCSPException("It is not of now");
        }
    }

    /** RFC 6960 §3.2 (2) to (4), §4.2.2.2: the issuer, or whom the issuer certified for that. */
    private void requireResponder(OCSPToken token, CertificateToken issuer)
            throws OCSPException, CertificateParsingException {
        var responder = token.getIssuerCertificateToken();
        if (!token.isValid() || responder == null) {
            throw new OCSPException("Its signature is not valid");
        }
        if (responder.getPublicKey().equals(issuer.getPublicKey())) {
            return;
        }
        var purposes = responder.getCertificate().getExtendedKeyUsage();
        if (!responder.isSignedBy(issuer)
                || purposes == null
                || !purposes.contains(KeyPurposeId.id_kp_OCSPSigning.getId())
                || !responder.isValidOn(Date.from(clock.instant()))) {
            throw new OCSPException("It is not the issuer's");
        }
    }
}
