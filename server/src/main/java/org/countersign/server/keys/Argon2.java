package org.countersign.server.keys;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id version 1.3 with one lane (RFC 9106). */
final class Argon2 {

    private Argon2() {}

    /**
     * @param secret input K; empty for none
     * @param context input X; empty for none
     */
    static byte[] derive(byte[] password, Argon2Cost cost, byte[] salt, byte[] secret, byte[] context, int length) {
        var memory = Argon2Memory.take();
        try {
            return derive(password, cost, salt, secret, context, length, memory);
        } finally {
            memory.giveBack();
        }
    }

    private static byte[] derive(
            byte[] password,
            Argon2Cost cost,
            byte[] salt,
            byte[] secret,
            byte[] context,
            int length,
            Argon2Memory memory) {
        var parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.iterations())
                .withParallelism(1)
                .withSalt(salt)
                .withSecret(secret)
                .withAdditional(context)
                .withBlockPool(memory)
                .build();
        var generator = new Argon2BytesGenerator();
        generator.init(parameters);
        var derived = new byte[length];
        generator.generateBytes(password, derived);
        return derived;
    }
}
