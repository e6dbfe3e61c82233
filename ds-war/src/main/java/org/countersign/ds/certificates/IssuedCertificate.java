package org.countersign.ds.certificates;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A loopback certificate.
 *
 * @param chain the agent's own first, then its authority's
 * @param renewFrom when a third of its life is left
 */
public record IssuedCertificate(List<X509Certificate> chain, Instant renewFrom) {

    public IssuedCertificate {
        chain = List.copyOf(chain);
    }
}
