package org.countersign.signer.csc;

import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.BearerAuthentication;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.CurrentRequest;

/** Who calls: a malformed header is 400 in the specification's tables, a token that is not good 401 (RFC 6750 §3.1). */
public final class CscGate {

    private static final Pattern FORM = Pattern.compile("(?i:bearer) +\\S+");

    private final BearerAuthentication bearer;

    public CscGate(BearerAuthentication bearer) {
        this.bearer = bearer;
    }

    /** @param authorization the header, or null */
    Caller caller(String authorization) {
        if (authorization != null && !FORM.matcher(authorization).matches()) {
            throw ProtocolException.invalidRequest("Malformed authorization header");
        }
        return bearer.authenticate(authorization, CurrentRequest.get());
    }

    /** With a token that speaks for a seat. */
    Caller caller(String authorization, ApiGroup group) {
        var caller = caller(authorization);
        caller.require(group);
        caller.requireSeat();
        return caller;
    }
}
