package org.countersign.signer.csc;

import java.util.Base64;
import java.util.Optional;
import org.countersign.core.error.CscError;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.timestamps.GiveTimestamp;

/** {@code signatures/timestamp}, the same in CSC API 1.0.4.0 (§11.10) and 2.0.0.2 (§11.13). */
public final class CscTimestamps {

    private final Optional<GiveTimestamp> timestamps;

    /** @param timestamps of the configured authority */
    public CscTimestamps(Optional<GiveTimestamp> timestamps) {
        this.timestamps = timestamps;
    }

    boolean areThere() {
        return timestamps.isPresent();
    }

    /** @throws ProtocolException {@code not_implemented} when no authority is configured */
    TimestampAnswer answer(Caller caller, CscRequest request) {
        var timestamp = timestamps.orElseThrow(
                () -> new ProtocolException(CscError.NOT_IMPLEMENTED, "This server gives no time stamps"));
        var hash = request.requiredBase64("hash");
        var algorithm = CscAlgorithms.hash(request, "hashAlgo");
        if (hash.length != algorithm.length()) {
            throw ProtocolException.invalidRequest(CscRequest.WRONG_LENGTH);
        }
        var stamp = timestamp.give(caller, algorithm, hash, request.nonce("nonce"));
        return new TimestampAnswer(Base64.getEncoder().encodeToString(stamp));
    }
}
