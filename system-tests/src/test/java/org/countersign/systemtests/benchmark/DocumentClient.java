package org.countersign.systemtests.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.countersign.systemtests.harness.Holder;

/** One who has documents signed and judged, from file to file: none is in this process's memory. */
public final class DocumentClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String BOUNDARY = "between-the-parts";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Holder holder;

    public DocumentClient(Holder holder) {
        this.holder = holder;
    }

    /** Digest, authorize, sign. @param signed where the answer goes */
    public void sign(String level, Path document, Path signed) throws IOException {
        var wish = JsonNodeFactory.instance
                .objectNode()
                .put("credentialId", holder.credential())
                .put("signAlgo", holder.kind().signAlgo())
                .put("format", "PAdES")
                .put("level", level);
        var prepared =
                JSON.readTree(call("documents/digest", wish, document, "application/json", BodyHandlers.ofByteArray()));
        ObjectNode parameters = prepared.path("parameters").deepCopy();
        var hash = Base64.getDecoder().decode(prepared.path("hash").asText());
        parameters.put("SAD", holder.sad(List.of(hash)));
        Files.deleteIfExists(signed);
        call("documents/sign", parameters, document, "application/octet-stream", BodyHandlers.ofFile(signed));
        if (Files.size(signed) <= Files.size(document)) {
            throw new IOException("The signed document is shorter than it was");
        }
    }

    /** @throws IOException unless it has one signature, which is valid */
    public void validate(Path signed) throws IOException {
        var judged = JSON.readTree(call(
                "validate",
                JsonNodeFactory.instance.objectNode(),
                signed,
                "application/json",
                BodyHandlers.ofByteArray()));
        var signatures = judged.path("signatures");
        if (signatures.size() != 1
                || !signatures.path(0).path("indication").asText().equals("TOTAL_PASSED")) {
            throw new IOException("A signature is not valid: " + judged);
        }
    }

    private <T> T call(String call, JsonNode parameters, Path document, String accepted, BodyHandler<T> handler)
            throws IOException {
        var request = holder.caller()
                .request("/api/v1/" + call)
                .setHeader("Accept", accepted)
                .setHeader("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .timeout(PATIENCE)
                .POST(form(parameters, document))
                .build();
        try {
            HttpResponse<T> answer = http.send(request, handler);
            if (answer.statusCode() != 200) {
                throw new IOException(call + " was answered " + answer.statusCode() + " " + text(answer.body()));
            }
            return answer.body();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    private static String text(Object body) throws IOException {
        return new String(body instanceof Path file ? Files.readAllBytes(file) : (byte[]) body, StandardCharsets.UTF_8);
    }

    private static BodyPublisher form(JsonNode parameters, Path document) throws IOException {
        return BodyPublishers.concat(
                BodyPublishers.ofString(part("parameters") + parameters + "\r\n" + part("document")),
                BodyPublishers.ofFile(document),
                BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
    }

    private static String part(String name) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n";
    }
}
