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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.logging.ContextLogger;

/**
 * Certificate revocation lists (RFC 5280 §5) of the addresses that certificates name, where the configuration has them: what a certificate from
 * outside names is asked for nowhere else. Not safe for use by many threads, but for {@link #once}.
 */
final class RevocationLists implements CRLSource {

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = ContextLogger.of(RevocationLists.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LARGEST = 10_000_000;

    private final transient RevocationAddresses addresses;
    private final transient Exchange exchange;
    private final transient Map<URI, Optional<byte[]>> fetched = new HashMap<>();

    RevocationLists(RevocationAddresses addresses) {
        this(addresses, new Exchange(PATIENCE, LARGEST));
    }

    private RevocationLists(RevocationAddresses addresses, Exchange exchange) {
        this.addresses = addresses;
        this.exchange = exchange;
    }

    /** For one document, which may ask for a list many times; it is fetched once. */
    RevocationLists once() {
        return new RevocationLists(addresses, exchange);
    }

    @Override
    public CRLToken getRevocationToken(CertificateToken certificate, CertificateToken issuer) {
        for (var address : CertificateExtensionsUtils.getCRLAccessUrls(certificate)) {
            var list = addresses.find(address).flatMap(allowed -> fetched.computeIfAbsent(allowed, this::fetch));
            if (list.isPresent()) {
                try {
                    var token = new CRLToken(
                            certificate, CRLUtils.buildCRLValidity(CRLUtils.buildCRLBinary(list.get()), issuer));
                    if (token.isValid()) {
                        token.setExternalOrigin(RevocationOrigin.EXTERNAL);
                        token.setSourceURL(address);
                        return token;
                    }
                    LOG.log(System.Logger.Level.WARNING, "A list of revoked certificates is not its issuer's");
                } catch (IOException | RuntimeException unusable) {
                    LOG.log(System.Logger.Level.WARNING, "A list of revoked certificates can not be used", unusable);
                }
            }
        }
        return null;
    }

    private Optional<byte[]> fetch(URI address) {
        try {
            return Optional.of(exchange.get(address, "application/pkix-crl"));
        } catch (IOException none) {
            LOG.log(System.Logger.Level.WARNING, "A list of revoked certificates is not there", none);
            return Optional.empty();
        }
    }
}
