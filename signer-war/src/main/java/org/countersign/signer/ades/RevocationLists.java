package org.countersign.signer.ades;

import eu.europa.esig.dss.crl.CRLUtils;
import eu.europa.esig.dss.enumerations.RevocationOrigin;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.CertificateExtensionsUtils;
import eu.europa.esig.dss.spi.x509.revocation.crl.CRLSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.CRLToken;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.logging.ContextLogger;

/**
 * Certificate revocation lists (RFC 5280 §5) of the addresses that certificates name, where the configuration has them: what a certificate from
 * outside names is asked for nowhere else.
 */
public final class RevocationLists implements CRLSource {

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = ContextLogger.of(RevocationLists.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LARGEST = 10_000_000;

    private final transient List<URI> allowed;
    private final transient Exchange exchange = new Exchange(PATIENCE, LARGEST);

    /** @param allowed addresses that end with a slash; what is below them is asked for */
    public RevocationLists(List<URI> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    @Override
    public CRLToken getRevocationToken(CertificateToken certificate, CertificateToken issuer) {
        for (var address : CertificateExtensionsUtils.getCRLAccessUrls(certificate)) {
            if (isAllowed(address)) {
                try {
                    var list = CRLUtils.buildCRLBinary(exchange.get(URI.create(address), "application/pkix-crl"));
                    var token = new CRLToken(certificate, CRLUtils.buildCRLValidity(list, issuer));
                    if (token.isValid()) {
                        token.setExternalOrigin(RevocationOrigin.EXTERNAL);
                        token.setSourceURL(address);
                        return token;
                    }
                } catch (IOException | RuntimeException unusable) {
                    LOG.log(System.Logger.Level.WARNING, "A list of revoked certificates can not be used", unusable);
                }
            }
        }
        return null;
    }

    boolean isAllowed(String text) {
        try {
            var address = URI.create(text);
            return address.equals(address.normalize())
                    && address.getRawUserInfo() == null
                    && address.getRawPath() != null
                    && !address.getRawPath().contains("%")
                    && allowed.stream().anyMatch(prefix -> isBelow(prefix, address));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static boolean isBelow(URI prefix, URI address) {
        return prefix.getScheme().equals(address.getScheme())
                && prefix.getRawAuthority().equals(address.getRawAuthority())
                && address.getRawPath().startsWith(prefix.getRawPath());
    }
}
