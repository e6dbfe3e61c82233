package org.countersign.signer.timestamps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.tsp.TimeStampToken;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.HashAlgorithm;
import org.countersign.server.oauth.Caller;

/** Passes a time stamp on to a client, and notes it, or that there was none. */
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
        TimeStampToken token;
        try {
            token = authority.stamp(algorithm, hash, nonce);
        } catch (ProtocolException none) {
            audit.append(event(AuditEvent.failure("timestamp.refused"), caller, seat, hash));
            throw none;
        }
        var info = token.getTimeStampInfo();
        audit.append(event(AuditEvent.success("timestamp.given"), caller, seat, hash)
                .detail("serial", info.getSerialNumber().toString())
                .detail("time", info.getGenTime().toInstant().toString()));
        try {
            return token.getEncoded();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static AuditEvent event(AuditEvent event, Caller caller, SeatName seat, byte[] hash) {
        return event.client(caller.clientId())
                .tenant(seat.tenant())
                .seat(seat.seat())
                .detail("hash", Base64.getEncoder().encodeToString(hash));
    }
}
