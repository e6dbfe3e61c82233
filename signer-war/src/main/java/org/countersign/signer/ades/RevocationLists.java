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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.logging.ContextLogger;

/**
 * Certificate revocation lists (RFC 5280 §5) of the addresses that certificates name, where the configuration has them: what a certificate from
 * outside names is asked for nowhere else. Not safe for use by many threads, but for {@link #once}.
 */
public final class RevocationLists implements CRLSource {

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = ContextLogger.of(RevocationLists.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LARGEST = 10_000_000;

    private final transient List<URI> allowed;
    private final transient Exchange exchange;
    private final transient Map<String, Optional<byte[]>> fetched = new HashMap<>();

    /** @param allowed addresses that end with a slash; what is below them is asked for */
    public RevocationLists(List<URI> allowed) {
        this(List.copyOf(allowed), new Exchange(PATIENCE, LARGEST));
    }

    private RevocationLists(List<URI> allowed, Exchange exchange) {
        this.allowed = allowed;
        this.exchange = exchange;
    }

    /** For one document, which may ask for a list many times; it is fetched once. */
    RevocationLists once() {
        return new RevocationLists(allowed, exchange);
    }

    @Override
    public CRLToken getRevocationToken(CertificateToken certificate, CertificateToken issuer) {
        for (var address : CertificateExtensionsUtils.getCRLAccessUrls(certificate)) {
            var list = isAllowed(address) ? fetched.computeIfAbsent(address, this::fetch) : Optional.<byte[]>empty();
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

    private Optional<byte[]> fetch(String address) {
        try {
            return Optional.of(exchange.get(URI.create(address), "application/pkix-crl"));
        } catch (IOException none) {
            LOG.log(System.Logger.Level.WARNING, "A list of revoked certificates is not there", none);
            return Optional.empty();
        }
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
