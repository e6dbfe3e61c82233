package org.countersign.signer.timestamps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.HashAlgorithm;
import org.countersign.server.oauth.Caller;

/** Passes a time stamp on to a client, and notes it. */
public final class GiveTimestamp {

    private final TimestampAuthority authority;
    private final AuditLog audit;

    public GiveTimestamp(TimestampAuthority authority, AuditLog audit) {
        this.authority = authority;
        this.audit = audit;
    }

    /**
     * A time stamp for a hash.
     *
     * @param nonce what it has to hold
     * @return the DER of a TimeStampToken (RFC 3161 §2.4.2)
     * @throws ProtocolException {@code temporarily_unavailable}
     */
    public byte[] give(Caller caller, HashAlgorithm algorithm, byte[] hash, Optional<BigInteger> nonce) {
        var seat = caller.requireSeat();
        var token = authority.stamp(algorithm, hash, nonce);
        var info = token.getTimeStampInfo();
        audit.append(AuditEvent.success("timestamp.given")
                .client(caller.clientId())
                .tenant(seat.tenant())
                .seat(seat.seat())
                .detail("hash", Base64.getEncoder().encodeToString(hash))
                .detail("serial", info.getSerialNumber().toString())
                .detail("time", info.getGenTime().toInstant().toString()));
        try {
            return token.getEncoded();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
