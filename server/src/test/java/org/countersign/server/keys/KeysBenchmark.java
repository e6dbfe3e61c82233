package org.countersign.server.keys;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.UUID;

/** Figures of one core for both providers, in its own processor time, printed. Run by hand; no test depends on time. */
public final class KeysBenchmark {

    private static final long WARM_UP = 500_000_000L;
    private static final long MEASURED = 1_000_000_000L;
    private static final UUID CREDENTIAL = new UUID(1, 2);

    private KeysBenchmark() {}

    public static void main(String[] arguments) {
        for (var provider : List.of(TestKeys.FASTEST, TestKeys.JDK)) {
            for (var algorithm : KeyAlgorithm.values()) {
                var vault =
                        new SoftwareKeyVault(new MemoryWrappedKeys(), TestKeys.master(1), provider, TestKeys.ENTROPY);
                vault.generate(CREDENTIAL, algorithm, TestKeys.activation(7));
                measure(
                        provider.name() + " open " + algorithm,
                        () -> vault.open(CREDENTIAL, TestKeys.activation(7)).close());
                for (var scheme : algorithm.signatureAlgorithms()) {
                    if (scheme.isPrehashed() && scheme.hash() != HashAlgorithm.SHA256) {
                        continue;
                    }
                    var hash = scheme.digest(new byte[32]);
                    try (var key = vault.open(CREDENTIAL, TestKeys.activation(7))) {
                        measure(provider.name() + " sign " + algorithm + " " + scheme, () -> key.sign(scheme, hash));
                    }
                    measure(provider.name() + " open and sign " + algorithm + " " + scheme, () -> {
                        try (var key = vault.open(CREDENTIAL, TestKeys.activation(7))) {
                            key.sign(scheme, hash);
                        }
                    });
                }
            }
        }
        for (var cost : List.of(Argon2Cost.DEFAULT, new Argon2Cost(2_048, 1), new Argon2Cost(4_096, 1))) {
            var secrets = new FactorSecrets(TestKeys.master(1), cost, TestKeys.ENTROPY);
            var enrolled = secrets.enrollPin(CREDENTIAL, "123456");
            measure("check PIN " + cost, () -> secrets.checkPin(CREDENTIAL, "123456", enrolled.stored()));
        }
    }

    private static void measure(String name, Runnable work) {
        run(work, WARM_UP);
        long start = processorTime();
        long count = run(work, MEASURED);
        double seconds = (processorTime() - start) / 1e9;
        System.out.printf("%-70s %8.0f/s %9.4f ms%n", name, count / seconds, seconds * 1000 / count);
    }

    /** Not the wall's: other programs on the machine do not count. */
    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long run(Runnable work, long nanoseconds) {
        long end = processorTime() + nanoseconds;
        long count = 0;
        while (processorTime() < end) {
            work.run();
            count++;
        }
        return count;
    }
}
