package org.countersign.systemtests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/**
 * What a context says of its own API, held against what it answers: the status must be declared for the call, the media
 * type and the body must be as the document has them. Every answer that {@link Http} gets is held against it.
 */
public final class ApiDocument {

    private static final Pattern CONTEXT = Pattern.compile("(/(?:signer|ds|wallet)-[^/?]+)(/.*)?");
    /** What these do is said by HTTP, RFC 9110 9.3.2 and 9.3.7, and not by the document. */
    private static final Set<String> GENERAL = Set.of("HEAD", "OPTIONS");

    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<URI, ApiDocument> BY_CONTEXT = new ConcurrentHashMap<>();

    private final JsonNode document;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
    private final Set<String> succeeded = new ConcurrentSkipListSet<>();

    private record Operation(String name, String method, Pattern path, JsonNode description) {}

    private ApiDocument(String text) {
        try {
            document = JSON.readTree(text);
        } catch (IOException notJson) {
            throw new AssertionError("The API's document is not JSON", notJson);
        }
        document.path("paths").properties().forEach(path -> {
            var pattern = Pattern.compile(path.getKey().replaceAll("\\{[^}]+}", "[^/]+"));
            path.getValue()
                    .properties()
                    .forEach(operation -> operations.add(new Operation(
                            operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                            operation.getKey().toUpperCase(Locale.ROOT),
                            pattern,
                            operation.getValue())));
        });
    }

    /** The document of a running context. */
    public static ApiDocument of(SignerApi api) {
        return BY_CONTEXT.computeIfAbsent(
                api.context(),
                context -> new ApiDocument(Http.unchecked(HttpRequest.newBuilder(URI.create(context + "/openapi"))
                                .build())
                        .ok()
                        .body()));
    }

    /** @throws AssertionError when the answer is not one that the document declares for this call */
    static void check(HttpRequest request, Answer answer) {
        var path = CONTEXT.matcher(request.uri().getRawPath());
        if (!path.matches()
                || path.group(2) == null
                || answer.status() == 503
                || isOfTheContainer(request.uri(), answer)) {
            // An outage, and a context that starts, have the container's own answers.
            return;
        }
        var context = request.uri().resolve(path.group(1));
        var known = BY_CONTEXT.get(context);
        if (known == null) {
            if (!answer.isOk()) {
                return;
            }
            known = of(new SignerApi(context));
        }
        var problems = known.problems(request.method(), path.group(2), answer);
        if (!problems.isEmpty()) {
            throw new AssertionError("Not as documented: " + request.method() + " " + path.group(2) + " answered "
                    + answer.status() + " " + answer.body() + ": " + problems);
        }
    }

    /** An address whose escapes a container does not like is refused before anything of the application is asked. */
    private static boolean isOfTheContainer(URI address, Answer answer) {
        return answer.status() == 400
                && address.getRawPath().contains("%")
                && !answer.header("Content-Type").orElse("").startsWith("application/json");
    }

    /** What is wrong with an answer; empty when nothing is. */
    public List<String> problems(String method, String path, Answer answer) {
        if (GENERAL.contains(method)) {
            return List.of();
        }
        var ofPath = operations.stream()
                .filter(operation -> operation.path().matcher(path).matches())
                .toList();
        // The exact address goes before a template.
        var operation = ofPath.stream()
                .filter(candidate -> candidate.method().equals(method))
                .reduce((first, second) -> first.name().contains("{") ? second : first);
        if (operation.isEmpty()) {
            return answer.status() == (ofPath.isEmpty() ? NOT_FOUND : METHOD_NOT_ALLOWED)
                            || answer.status() < 500 && !answer.isOk()
                    ? List.of()
                    : List.of("there is no such call in the document");
        }
        return problems(operation.get(), answer);
    }

    /** Every call the document has, as {@code METHOD address}. */
    public Set<String> calls() {
        var names = new TreeSet<String>();
        operations.forEach(operation -> names.add(operation.name()));
        return names;
    }

    /** Those that were seen to succeed as documented. */
    public Set<String> succeeded() {
        return new TreeSet<>(succeeded);
    }

    public JsonNode json() {
        return document;
    }

    private List<String> problems(Operation operation, Answer answer) {
        var response = resolve(operation.description().path("responses").path(Integer.toString(answer.status())));
        if (response.isMissingNode()) {
            return List.of("the status is not declared");
        }
        var content = response.path("content");
        if (content.isMissingNode()) {
            if (answer.isOk()) {
                succeeded.add(operation.name());
            }
            return answer.body().isEmpty() ? List.of() : List.of("a body is not declared");
        }
        var mediaType = answer.header("Content-Type").orElse("").replaceAll(";.*", "");
        if (!content.has(mediaType)) {
            return List.of("the media type is not declared: " + mediaType);
        }
        var found = new ArrayList<String>();
        if (mediaType.equals("application/json")) {
            schema(operation.name() + answer.status(), content.path(mediaType).path("schema"))
                    .validate(answer.json())
                    .forEach(error -> found.add(error.toString()));
        }
        response.path("headers").properties().forEach(header -> {
            if (header.getValue().path("required").asBoolean()
                    && answer.header(header.getKey()).isEmpty()) {
                found.add("the header is missing: " + header.getKey());
            }
        });
        if (found.isEmpty() && answer.isOk()) {
            succeeded.add(operation.name());
        }
        return found;
    }

    private Schema schema(String name, JsonNode schema) {
        return schemas.computeIfAbsent(name, key -> {
            ObjectNode whole = schema.deepCopy();
            whole.set("components", document.path("components"));
            return SchemaRegistry.withDialect(Dialects.getOpenApi31()).getSchema(whole);
        });
    }

    private JsonNode resolve(JsonNode node) {
        return Optional.of(node)
                .filter(declared -> declared.has("$ref"))
                .map(declared -> document.at(declared.path("$ref").asText().substring(1)))
                .orElse(node);
    }
}
