package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import org.countersign.core.entropy.Entropy;

/** A client of {@link DssService} with its own connection. For one thread at a time. */
final class DssClient implements AutoCloseable {

    private static final int HASH_BYTES = 32;
    private static final int OK = 200;

    private final LeanConnection connection;
    private final BenchmarkKey key;
    private final Entropy entropy;

    DssClient(URI service, BenchmarkKey key, Entropy entropy) throws IOException {
        this.connection = new LeanConnection(service);
        this.key = key;
        this.entropy = entropy;
    }

    /** Has a fresh hash signed. */
    void sign() throws IOException {
        var hash = Base64.getEncoder().encodeToString(entropy.bytes(HASH_BYTES));
        var answer = connection.send(connection.request(
                "POST",
                "/sign-digest/" + key.name(),
                "X-Client: benchmark",
                ("{\"algorithm\":\"SHA256\",\"value\":\"" + hash + "\"}")
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        if (answer.status() != OK || !answer.body().contains("\"value\"")) {
            throw new IOException("EU DSS's service answered " + answer.status() + ": " + answer.body());
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
