package org.countersign.systemtests.benchmark;

import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.countersign.core.entropy.Entropy;

/** One seat's credential and its own connection: what one of the parallel clients works with. For one thread at a time. */
final class Signatory implements AutoCloseable {

    private static final int HASH_BYTES = 32;
    private static final int OK = 200;

    private final LeanConnection connection;
    private final String token;
    private final String credential;
    private final String pin;
    private final BenchmarkKey key;
    private final Entropy entropy;

    Signatory(URI context, String token, String credential, String pin, BenchmarkKey key, Entropy entropy)
            throws IOException {
        this.connection = new LeanConnection(context);
        this.token = token;
        this.credential = credential;
        this.pin = pin;
        this.key = key;
        this.entropy = entropy;
    }

    /** Hashes as they stand in a request, fresh ones each time. */
    String hashes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> '"' + java.util.Base64.getEncoder().encodeToString(entropy.bytes(HASH_BYTES)) + '"')
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** @return a request that may be sent so many times: one hash, authorized as often */
    byte[] authorizeOften(int times) throws IOException {
        var hash = '"' + java.util.Base64.getEncoder().encodeToString(entropy.bytes(HASH_BYTES)) + '"';
        return authorize("[" + String.join(",", Collections.nCopies(times, hash)) + "]", times, "[" + hash + "]");
    }

    /** @return the request that signs what was authorized */
    byte[] authorize(String hashes, int count) throws IOException {
        return authorize(hashes, count, hashes);
    }

    private byte[] authorize(String hashes, int count, String signed) throws IOException {
        var answer = call(connection.request(
                "/api/v1/credentials/authorize",
                token,
                "{\"credentialId\":\"" + credential + "\",\"numSignature\":" + count + ",\"PIN\":\"" + pin
                        + "\",\"hash\":" + hashes + "}"));
        var start = answer.indexOf("\"SAD\":\"") + 7;
        var sad = answer.substring(start, answer.indexOf('"', start));
        return connection.request(
                "/api/v1/signatures",
                token,
                "{\"credentialId\":\"" + credential + "\",\"SAD\":\"" + sad + "\",\"signAlgo\":\"" + key.wireName()
                        + "\",\"hash\":" + signed + "}");
    }

    /** @param request of {@link #authorize} */
    void sign(byte[] request, int count) throws IOException {
        var answer = call(request);
        // Base64 has no quotation marks: two for each signature and two for the member's name.
        long marks = answer.chars().filter(character -> character == '"').count();
        if (marks != 2L * count + 2) {
            throw new IOException("not " + count + " signatures: " + answer);
        }
    }

    private String call(byte[] request) throws IOException {
        var answer = connection.send(request);
        if (answer.status() != OK) {
            throw new IOException("The server answered " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
