package org.countersign.signer.ades;

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.model.TimestampBinary;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import java.util.Optional;
import org.countersign.server.keys.HashAlgorithm;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.timestamps.GiveTimestamp;

/** The context's time-stamping authority, as DSS asks for it on behalf of a caller. */
public final class Stamps implements TSPSource {

    private static final long serialVersionUID = 1L;

    private final transient GiveTimestamp give;
    private final transient Caller caller;

    public Stamps(GiveTimestamp give, Caller caller) {
        this.give = give;
        this.caller = caller;
    }

    @Override
    public TimestampBinary getTimeStampResponse(DigestAlgorithm algorithm, byte[] digest) {
        var hash = HashAlgorithm.find(algorithm.getName()).orElseThrow();
        return new TimestampBinary(give.give(caller, hash, digest, Optional.empty()));
    }
}
