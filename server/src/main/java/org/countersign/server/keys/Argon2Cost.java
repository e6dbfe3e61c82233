package org.countersign.server.keys;

/**
 * What one derivation costs (RFC 9106 §3.1), with one lane.
 *
 * @param memoryKib memory, 8 to 1048576 KiB
 * @param iterations passes, 1 to 100
 */
public record Argon2Cost(int memoryKib, int iterations) {

    /** About 5 ms of one core (3072 KiB took 3.6 to 5.2 ms, 4096 KiB 6.1 to 6.4 ms where it was measured). */
    public static final Argon2Cost DEFAULT = new Argon2Cost(3_584, 1);

    /** Of passwords that people choose: what OWASP's Password Storage Cheat Sheet asks for at least. */
    public static final Argon2Cost PASSWORD = new Argon2Cost(19_456, 2);

    private static final int MAX_MEMORY_KIB = 1_048_576;
    private static final int MAX_ITERATIONS = 100;

    public Argon2Cost {
        if (memoryKib < 8 || memoryKib > MAX_MEMORY_KIB) {
            throw new IllegalArgumentException("Argon2's memory is between 8 and 1048576 KiB");
        }
        if (iterations < 1 || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException("Argon2's iterations are between 1 and 100");
        }
    }
}
