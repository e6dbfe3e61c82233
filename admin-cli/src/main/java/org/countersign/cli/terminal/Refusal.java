package org.countersign.cli.terminal;

/** A command that can not go on: the message tells the user what is wrong and what to do, and no stack trace follows. */
public final class Refusal extends RuntimeException {

    /** The command failed. */
    public static final int FAILED = 1;

    /** The command was asked for something it does not do; picocli's own code for wrong usage. */
    public static final int USAGE = 2;

    /** What the command needs does not run. */
    public static final int NOT_RUNNING = 3;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public Refusal(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public static Refusal failed(String message) {
        return new Refusal(FAILED, message);
    }

    public static Refusal notRunning(String message) {
        return new Refusal(NOT_RUNNING, message);
    }

    public int exitCode() {
        return exitCode;
    }
}
