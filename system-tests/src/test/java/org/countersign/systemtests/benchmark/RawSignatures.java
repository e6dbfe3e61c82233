package org.countersign.systemtests.benchmark;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * Signatures by the JCA and nothing else: per thread one key that is open and one {@link Signature} object, used again and
 * again. The most a program on this machine could make with the provider, and so the hardest thing to compare with.
 */
final class RawSignatures {

    /** @param name as the report calls it */
    record Source(String name, Provider rsa, Provider ec) {

        /** What the server takes where it loads. */
        static Source corretto() {
            var provider = AmazonCorrettoCryptoProvider.INSTANCE;
            if (provider.getLoadingError() != null) {
                throw new IllegalStateException(
                        "Amazon Corretto Crypto Provider does not load here", provider.getLoadingError());
            }
            return new Source("Corretto", provider, provider);
        }

        static Source jdk() {
            return new Source("JDK", Security.getProvider("SunRsaSign"), Security.getProvider("SunEC"));
        }

        private Provider of(BenchmarkKey key) {
            return key.isRsa() ? rsa : ec;
        }
    }

    private RawSignatures() {}

    /** Signs in so many threads for so long. */
    static Measurement measure(Source source, BenchmarkKey key, int threads, long nanos) throws Exception {
        // A key of each thread's own, as different credentials have: no locks and caches in common.
        var keys = new ArrayList<PrivateKey>();
        for (int i = 0; i < threads; i++) {
            keys.add(generate(source, key));
        }
        var executor = Executors.newFixedThreadPool(threads);
        try {
            run(executor, source, key, keys, nanos / 4);
            long begin = System.nanoTime();
            var counts = run(executor, source, key, keys, nanos);
            long wall = System.nanoTime() - begin;
            long signatures = counts.stream().mapToLong(Count::signatures).sum();
            long processor = counts.stream().mapToLong(Count::processorNanos).sum();
            return new Measurement(signatures, signatures, wall, processor, 0, 0, new long[0]);
        } finally {
            executor.shutdownNow();
        }
    }

    private record Count(long signatures, long processorNanos) {}

    private static List<Count> run(
            java.util.concurrent.ExecutorService executor,
            Source source,
            BenchmarkKey key,
            List<PrivateKey> keys,
            long nanos)
            throws Exception {
        var tasks = new ArrayList<Callable<Count>>();
        for (PrivateKey own : keys) {
            tasks.add(() -> sign(source, key, own, nanos));
        }
        var counts = new ArrayList<Count>();
        for (var future : executor.invokeAll(tasks)) {
            counts.add(future.get());
        }
        return counts;
    }

    private static Count sign(Source source, BenchmarkKey key, PrivateKey own, long nanos)
            throws GeneralSecurityException {
        var signature = Signature.getInstance(key.jcaName(), source.of(key));
        signature.initSign(own);
        var threads = ManagementFactory.getThreadMXBean();
        var message = new byte[32];
        long end = System.nanoTime() + nanos;
        long processor = threads.getCurrentThreadCpuTime();
        long count = 0;
        do {
            message[(int) (count & 31)]++;
            signature.update(message);
            signature.sign();
            count++;
        } while (System.nanoTime() < end);
        return new Count(count, threads.getCurrentThreadCpuTime() - processor);
    }

    private static PrivateKey generate(Source source, BenchmarkKey key) throws GeneralSecurityException {
        // Made by the accelerated provider where possible: the JDK needs seconds for a large key. Any provider opens
        // it.
        var generator = key.isRsa()
                ? KeyPairGenerator.getInstance("RSA", AmazonCorrettoCryptoProvider.INSTANCE)
                : KeyPairGenerator.getInstance("EC", source.of(key));
        if (key.isRsa()) {
            generator.initialize(key.bits());
        } else {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        }
        var encoded = generator.generateKeyPair().getPrivate().getEncoded();
        return java.security.KeyFactory.getInstance(key.isRsa() ? "RSA" : "EC", source.of(key))
                .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(encoded));
    }
}
