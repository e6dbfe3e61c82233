package org.countersign.cli.sign;

/** An answer of the server that is no success. */
public final class ServerAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    ServerAnswer(String call, int status, String error, String description) {
        super(call + " was answered with HTTP " + status + (error.isEmpty() ? "" : ": " + error)
                + (description.isEmpty() ? "" : ", \"" + description + "\""));
        this.status = status;
        this.error = error;
    }

    public int status() {
        return status;
    }

    /** The {@code error} member; empty when the answer had none. */
    public String error() {
        return error;
    }
}
