package org.countersign.signer.ades;

import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.countersign.core.entropy.Entropy;

/** What tells whether certificates were revoked: responders, and where there is none, or it does not tell, lists. */
public final class RevocationSources {

    private final RevocationLists lists;
    private final RevocationResponders responders;

    /** @param allowed addresses that end with a slash; what is below them is asked */
    public RevocationSources(List<URI> allowed, Entropy entropy, Clock clock) {
        var addresses = new RevocationAddresses(allowed);
        this.lists = new RevocationLists(addresses);
        this.responders = new RevocationResponders(addresses, entropy, clock);
    }

    /** For one document, which may ask many times; each is asked once. */
    void into(CommonCertificateVerifier verifier) {
        verifier.setOcspSource(responders.once());
        verifier.setCrlSource(lists.once());
    }
}
