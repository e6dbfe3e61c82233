package org.countersign.signer.ades;

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.model.TimestampBinary;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.countersign.server.keys.HashAlgorithm;
import org.countersign.signer.timestamps.TimestampAuthority;

/** The context's time-stamping authority, as DSS asks for it. */
public final class Stamps implements TSPSource {

    private static final long serialVersionUID = 1L;

    private final transient TimestampAuthority authority;

    public Stamps(TimestampAuthority authority) {
        this.authority = authority;
    }

    @Override
    public TimestampBinary getTimeStampResponse(DigestAlgorithm algorithm, byte[] digest) {
        var hash = HashAlgorithm.find(algorithm.getName()).orElseThrow();
        try {
            return new TimestampBinary(
                    authority.stamp(hash, digest, Optional.empty()).getEncoded());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
