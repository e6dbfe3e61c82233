package org.countersign.agent.link;

import org.countersign.core.error.DsError;

/** The distribution service understood, and refuses. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int code;

    RefusedException(int code) {
        super("the service refuses with " + code, null, false, false);
        this.code = code;
    }

    boolean is(DsError error) {
        return code == error.number();
    }

    int code() {
        return code;
    }
}
