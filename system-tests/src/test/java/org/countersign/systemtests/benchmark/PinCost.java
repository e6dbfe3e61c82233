package org.countersign.systemtests.benchmark;

import java.lang.management.ManagementFactory;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.FactorSecrets;
import org.countersign.server.keys.MasterSecret;

/** What checking one PIN costs: the server's own code, in this process, at the default cost. */
final class PinCost {

    private static final int WARM_UP = 40;
    private static final String PIN = "271828";

    private final FactorSecrets secrets;
    private final UUID credential;
    private final String stored;

    PinCost(Entropy entropy) {
        this.secrets = new FactorSecrets(
                new MasterSecret(entropy.bytes(MasterSecret.MIN_LENGTH)), Argon2Cost.DEFAULT, entropy);
        this.credential = entropy.uuid();
        this.stored = secrets.enrollPin(credential, PIN).stored();
        for (int i = 0; i < WARM_UP; i++) {
            check();
        }
    }

    /** Processor time of one check in milliseconds, over so many. */
    double measure(int checks) {
        var threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < checks; i++) {
            check();
        }
        return (threads.getCurrentThreadCpuTime() - begin) / 1e6 / checks;
    }

    static String description() {
        return "Argon2id, " + Argon2Cost.DEFAULT.memoryKib() + " KiB, " + Argon2Cost.DEFAULT.iterations() + " pass";
    }

    private void check() {
        secrets.checkPin(credential, PIN, stored)
                .orElseThrow(() -> new IllegalStateException("the right PIN was refused"))
                .close();
    }
}
