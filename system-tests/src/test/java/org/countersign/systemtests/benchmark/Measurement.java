package org.countersign.systemtests.benchmark;

import java.util.Arrays;

/**
 * One short run of one thing.
 *
 * @param calls how often it was done
 * @param signatures how many came out of it
 * @param wallNanos from the first call to the end of the last
 * @param processorNanos what it cost the server's process; of raw signatures, the signing threads
 * @param databaseNanos what it cost PostgreSQL's processes meanwhile
 * @param loadNanos what sending and receiving cost this program, on the same cores
 * @param latencies nanoseconds of each call, sorted; none of raw signatures
 */
public record Measurement(
        long calls,
        long signatures,
        long wallNanos,
        long processorNanos,
        long databaseNanos,
        long loadNanos,
        long[] latencies) {

    private static final double NANOS = 1e9;

    public Measurement {
        latencies = latencies.clone();
        Arrays.sort(latencies);
    }

    public double callsPerSecond() {
        return calls * NANOS / wallNanos;
    }

    double signaturesPerSecond() {
        return signatures * NANOS / wallNanos;
    }

    /** Milliseconds. */
    double processorPerSignature() {
        return processorNanos / 1e6 / signatures;
    }

    /** Milliseconds. */
    public double processorPerCall() {
        return processorNanos / 1e6 / calls;
    }

    /** Milliseconds. */
    public double databasePerCall() {
        return databaseNanos / 1e6 / calls;
    }

    /** Milliseconds. */
    public double loadPerCall() {
        return loadNanos / 1e6 / calls;
    }

    /** Milliseconds. */
    double databasePerSignature() {
        return databaseNanos / 1e6 / signatures;
    }

    /** Cores the server's process had, on average. */
    double busyCores() {
        return (double) processorNanos / wallNanos;
    }

    double databaseCores() {
        return (double) databaseNanos / wallNanos;
    }

    double loadCores() {
        return (double) loadNanos / wallNanos;
    }

    /** Milliseconds that this share of the calls did not exceed. */
    public double percentile(double share) {
        if (latencies.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(share * latencies.length);
        return latencies[Math.max(1, rank) - 1] / 1e6;
    }
}
