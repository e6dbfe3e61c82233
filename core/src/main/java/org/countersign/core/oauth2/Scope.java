package org.countersign.core.oauth2;

import java.util.Optional;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;

/** The seed's scope: {@code seat:jdoe@acme}, or {@code seat:jdoe tenant:acme}; none is needed to generate credentials. */
public record Scope(Optional<SeatName> seat) {

    private static final int MAX_LENGTH = 256;
    private static final String SEAT = "seat:";
    private static final String TENANT = "tenant:";
    private static final String FORM = "The scope must be seat:NAME@TENANT or seat:NAME tenant:TENANT";

    /** @throws ProtocolException {@code invalid_scope} when it is anything else */
    public static Scope parse(String text) {
        if (text == null || text.isBlank()) {
            return new Scope(Optional.empty());
        }
        if (text.length() > MAX_LENGTH) {
            throw invalid();
        }
        String seat = null;
        String tenant = null;
        for (String part : text.strip().split(" +")) {
            if (part.startsWith(SEAT) && seat == null) {
                seat = part.substring(SEAT.length());
            } else if (part.startsWith(TENANT) && tenant == null) {
                tenant = part.substring(TENANT.length());
            } else {
                throw invalid();
            }
        }
        if (seat == null) {
            throw invalid();
        }
        if (tenant == null) {
            int split = seat.lastIndexOf('@');
            if (split < 0) {
                throw invalid();
            }
            tenant = seat.substring(split + 1);
            seat = seat.substring(0, split);
        } else {
            seat = SeatName.withoutTenant(seat, tenant);
        }
        if (!SeatName.isSeat(seat) || !SeatName.isTenant(tenant)) {
            throw invalid();
        }
        return new Scope(Optional.of(new SeatName(seat, tenant)));
    }

    private static ProtocolException invalid() {
        return new ProtocolException(OAuth2Error.INVALID_SCOPE, FORM);
    }

    /** As it goes into a token's answer: {@code seat:jdoe@acme}, or the empty string. */
    @Override
    public String toString() {
        return seat.map(name -> SEAT + name).orElse("");
    }
}
