package org.countersign.server.exchange;

import java.io.IOException;

/** A request that did nothing, for certain: there was no connection to send it on, or the server refused it. */
public final class NotTakenException extends IOException {

    private static final long serialVersionUID = 1L;

    NotTakenException(String message) {
        super(message);
    }

    NotTakenException(String message, Throwable cause) {
        super(message, cause);
    }
}
