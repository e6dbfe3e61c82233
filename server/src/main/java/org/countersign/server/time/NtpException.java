package org.countersign.server.time;

/** An exchange with an NTP server that gave no time to be used; the message says why. */
final class NtpException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why; a change of it is worth a line in the log. */
    enum Reason {
        /** Nothing came in time, or nothing that answers the question. */
        NO_ANSWER,
        /** The answer is not what a synchronised server says. */
        UNUSABLE,
        /** The answer's time is too far from the machine's. */
        TOO_FAR,
        /** Kiss-o'-death: the server wants to be asked less often. */
        LESS_OFTEN,
        /** Kiss-o'-death: the server wants not to be asked again. */
        NEVER_AGAIN
    }

    private final Reason reason;

    NtpException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
