package org.countersign.systemtests.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls that take documents, by one holder. */
public record Documents(Holder holder) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String BOUNDARY = "between-the-parts";

    /** Digest, authorize, sign. @param wish {@code format} and what else is wanted */
    public byte[] sign(Map<String, String> wish, byte[] document) {
        var prepared = digest(wish, document).ok().json();
        return Http.bytes(signing(withSad(prepared, sad(prepared)), document));
    }

    public Answer digest(Map<String, String> wish, byte[] document) {
        var parameters = new LinkedHashMap<String, String>(wish);
        parameters.putIfAbsent("credentialId", holder.credential());
        parameters.putIfAbsent("signAlgo", holder.kind().signAlgo());
        return Http.send(request(
                "documents/digest",
                Map.of("parameters", json(parameters).getBytes(StandardCharsets.UTF_8), "document", document)));
    }

    /** Digest, authorize, sign, with more parts than the document. @param wish {@code visible} and so on */
    public byte[] signVisibly(Map<String, ?> wish, Map<String, byte[]> parts) {
        var prepared = digestVisibly(wish, parts).ok().json();
        var again = new LinkedHashMap<>(parts);
        again.put("parameters", withSad(prepared, sad(prepared)).toString().getBytes(StandardCharsets.UTF_8));
        return Http.bytes(request("documents/sign", again).setHeader("Accept", "application/octet-stream"));
    }

    public Answer digestVisibly(Map<String, ?> wish, Map<String, byte[]> parts) {
        var parameters = new LinkedHashMap<String, Object>(wish);
        parameters.put("credentialId", holder.credential());
        parameters.put("signAlgo", holder.kind().signAlgo());
        parameters.put("format", "PAdES");
        var all = new LinkedHashMap<>(parts);
        all.put("parameters", json(parameters).getBytes(StandardCharsets.UTF_8));
        return Http.send(request("documents/digest", all));
    }

    /** Of one or more prepared documents. */
    public String sad(JsonNode... prepared) {
        return holder.sad(List.of(prepared).stream()
                .map(one -> Base64.getDecoder().decode(one.path("hash").asText()))
                .toList());
    }

    /** What the second call is told. */
    public static JsonNode withSad(JsonNode prepared, String sad) {
        ObjectNode parameters = prepared.path("parameters").deepCopy();
        return parameters.put("SAD", sad);
    }

    public HttpRequest.Builder signing(JsonNode parameters, byte[] document) {
        return request(
                        "documents/sign",
                        Map.of(
                                "parameters",
                                parameters.toString().getBytes(StandardCharsets.UTF_8),
                                "document",
                                document))
                .setHeader("Accept", "application/octet-stream");
    }

    /** The one signature of a document. */
    public JsonNode judged(byte[] document) {
        return validate(Map.of("document", document))
                .ok()
                .json()
                .path("signatures")
                .path(0);
    }

    public Answer validate(Map<String, byte[]> parts) {
        return Http.send(request("validate", parts));
    }

    public HttpRequest.Builder request(String call, Map<String, byte[]> parts) {
        return request(holder.caller(), call, parts);
    }

    public HttpRequest.Builder request(Caller caller, String call, Map<String, byte[]> parts) {
        return caller.request("/api/v1/" + call)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArray(form(parts)));
    }

    private static byte[] form(Map<String, byte[]> parts) {
        var out = new ByteArrayOutputStream();
        parts.forEach((name, content) -> {
            out.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.writeBytes(content);
            out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        });
        out.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static String json(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
