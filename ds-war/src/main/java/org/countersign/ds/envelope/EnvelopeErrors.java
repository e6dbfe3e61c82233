package org.countersign.ds.envelope;

import java.time.Clock;
import java.util.regex.Pattern;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ErrorCode;
import org.countersign.server.web.ErrorAnswer;
import org.countersign.server.web.ErrorForm;

/**
 * The form of refusals: {@link Refusal} at the addresses of the v3 API, OAuth 2.0's own elsewhere. The
 * number of a {@link DsError} is its own; any other's is 200000 plus the HTTP status.
 */
public final class EnvelopeErrors implements ErrorForm {

    private static final Pattern V3 = Pattern.compile("/(v3|v3_5|security|agents)/.*|/token");
    private static final int OTHERS = 200_000;

    private final Clock clock;

    public EnvelopeErrors(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Object body(String path, ErrorCode code, String description) {
        if (!V3.matcher(path).matches()) {
            return new ErrorAnswer(code.wireName(), description);
        }
        if (code == DsError.DEVICE_CLOCK) {
            return Refusal.ofTime(
                    DsError.DEVICE_CLOCK.number(), description, clock.instant().toString());
        }
        return Refusal.of(code instanceof DsError own ? own.number() : OTHERS + code.status(), description);
    }
}
