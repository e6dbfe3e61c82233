package org.countersign.server.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * An OpenAPI document as a page to read: HTML without scripts, made once. Loads nothing; its one style sheet is inside and
 * named by its hash in the policy.
 */
final class OpenApiPage {

    private static final String STYLE = "body{font:16px/1.5 sans-serif;max-width:60rem;margin:0 auto;padding:1rem;"
            + "color:#1b1b1b;background:#fff}"
            + "h3 code{font-size:1rem}nav ul{columns:2}table{border-collapse:collapse;margin:.5rem 0}"
            + "th,td{border:1px solid #999;padding:.2rem .6rem;text-align:left;vertical-align:top}"
            + "pre{background:#f3f3f3;padding:.6rem;overflow:auto}b{display:inline-block;min-width:4rem}"
            + "@media (prefers-color-scheme:dark){body{color:#e6e6e6;background:#1b1b1b}a{color:#9cf}"
            + "pre{background:#2b2b2b}}";

    private static final ObjectMapper JSON = new JsonMapper();

    private final JsonNode document;
    private final StringBuilder out = new StringBuilder(65_536);
    private final byte[] html;

    private OpenApiPage(JsonNode document) {
        this.document = document;
        write();
        this.html = out.toString().getBytes(StandardCharsets.UTF_8);
    }

    static OpenApiPage of(byte[] document) throws IOException {
        return new OpenApiPage(JSON.readTree(document));
    }

    byte[] html() {
        return html.clone();
    }

    String contentSecurityPolicy() {
        var hash = Base64.getEncoder().encodeToString(DigestUtils.sha256(STYLE));
        return "default-src 'none'; style-src 'sha256-" + hash
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private void write() {
        var info = document.path("info");
        var title = info.path("title").asText() + " " + info.path("version").asText();
        out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\"")
                .append(" content=\"width=device-width\"><title>")
                .append(escape(title))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<main>");
        element("h1", title);
        element("p", info.path("summary").asText());
        element("p", info.path("description").asText());
        out.append("<p><a href=\"../openapi\">The document</a> (OpenAPI ")
                .append(escape(document.path("openapi").asText()))
                .append(")</p>\n");
        contents();
        for (var tag : document.path("tags")) {
            var name = tag.path("name").asText();
            element("h2", name);
            forEachOperation(name, this::operation);
        }
        element("h2", "Objects");
        document.path("components").path("schemas").properties().forEach(schema -> {
            out.append("<section id=\"").append(escape(schema.getKey())).append("\">");
            element("h3", schema.getKey());
            schema(schema.getValue());
            out.append("</section>\n");
        });
        out.append("</main></body></html>\n");
    }

    private interface Visitor {
        void visit(String path, String method, JsonNode operation);
    }

    private void forEachOperation(String tag, Visitor visitor) {
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (operation.getValue().path("tags").path(0).asText().equals(tag)) {
                        visitor.visit(path.getKey(), operation.getKey(), operation.getValue());
                    }
                }));
    }

    private void contents() {
        out.append("<nav><ul>");
        document.path("tags")
                .forEach(tag -> forEachOperation(
                        tag.path("name").asText(),
                        (path, method, operation) -> out.append("<li><a href=\"#")
                                .append(escape(operation.path("operationId").asText()))
                                .append("\">")
                                .append(escape(operation.path("summary").asText()))
                                .append("</a></li>")));
        out.append("</ul></nav>\n");
    }

    private void operation(String path, String method, JsonNode operation) {
        out.append("<section id=\"")
                .append(escape(operation.path("operationId").asText()))
                .append("\"><h3>")
                .append(escape(operation.path("summary").asText()))
                .append("<br><code><b>")
                .append(escape(method.toUpperCase(Locale.ROOT)))
                .append("</b> ")
                .append(escape(path))
                .append("</code></h3>");
        element("p", operation.path("description").asText());
        element("p", security(operation));
        parameters(operation.path("parameters"));
        operation.path("requestBody").path("content").properties().forEach(content -> {
            out.append("<p>Payload: ");
            type(content.getValue().path("schema"));
            out.append(" as <code>").append(escape(content.getKey())).append("</code></p>");
        });
        out.append("<table><tr><th>Answer</th><th></th><th></th></tr>");
        operation.path("responses").properties().forEach(response -> response(response.getKey(), response.getValue()));
        out.append("</table></section>\n");
    }

    private String security(JsonNode operation) {
        var security = operation.has("security") ? operation.path("security") : document.path("security");
        if (security.isEmpty()) {
            return "Open.";
        }
        var ways = new StringJoiner(" or ", "Needs: ", ".");
        security.forEach(way -> ways.add(way.isEmpty() ? "nothing" : String.join(" and ", names(way))));
        return ways.toString();
    }

    private void parameters(JsonNode parameters) {
        if (parameters.isEmpty()) {
            return;
        }
        out.append("<table><tr><th>Parameter</th><th>in</th><th></th></tr>");
        parameters.forEach(parameter -> {
            out.append("<tr><td><code>")
                    .append(escape(parameter.path("name").asText()))
                    .append("</code></td><td>")
                    .append(escape(parameter.path("in").asText()))
                    .append("</td><td>");
            type(parameter.path("schema"));
            out.append(' ')
                    .append(escape(parameter.path("description").asText()))
                    .append("</td></tr>");
        });
        out.append("</table>");
    }

    private void response(String status, JsonNode declared) {
        var response = declared.has("$ref")
                ? document.at(declared.path("$ref").asText().substring(1))
                : declared;
        out.append("<tr><td>").append(escape(status)).append("</td><td>");
        response.path("content").properties().forEach(content -> {
            var codes = content.getValue()
                    .path("schema")
                    .path("properties")
                    .path("error")
                    .path("enum");
            if (codes.isEmpty()) {
                type(content.getValue().path("schema"));
            } else {
                out.append("<code>")
                        .append(escape(String.join(", ", texts(codes))))
                        .append("</code>");
            }
        });
        out.append("</td><td>")
                .append(escape(response.path("description").asText()))
                .append("</td></tr>");
    }

    private void schema(JsonNode schema) {
        element("p", schema.path("description").asText());
        if (schema.has("properties")) {
            var required = texts(schema.path("required"));
            out.append("<table><tr><th>Member</th><th></th><th></th><th></th></tr>");
            schema.path("properties").properties().forEach(member -> {
                out.append("<tr><td><code>").append(escape(member.getKey())).append("</code></td><td>");
                type(member.getValue());
                out.append("</td><td>")
                        .append(required.contains(member.getKey()) ? "required" : "")
                        .append("</td><td>")
                        .append(escape(member.getValue().path("description").asText()))
                        .append("</td></tr>");
            });
            out.append("</table>");
        } else {
            out.append("<p>");
            type(schema);
            out.append("</p>");
        }
        schema.path("examples").forEach(example -> element("pre", example.toPrettyString()));
    }

    /** What a value is, and what limits it has. */
    private void type(JsonNode schema) {
        if (schema.has("$ref")) {
            var name = schema.path("$ref").asText().replaceAll(".*/", "");
            out.append("<a href=\"#")
                    .append(escape(name))
                    .append("\">")
                    .append(escape(name))
                    .append("</a>");
            return;
        }
        if (schema.has("items")) {
            out.append("list of ");
            type(schema.path("items"));
        } else {
            out.append(escape(schema.path("type").asText()));
        }
        var limits = new StringJoiner("; ", " (", ")").setEmptyValue("");
        for (var keyword : List.of(
                "const",
                "enum",
                "format",
                "contentEncoding",
                "minimum",
                "maximum",
                "minLength",
                "maxLength",
                "minItems",
                "maxItems",
                "pattern",
                "default")) {
            if (schema.has(keyword)) {
                limits.add(keyword + " "
                        + (schema.path(keyword).isArray()
                                ? String.join(", ", texts(schema.path(keyword)))
                                : schema.path(keyword).asText()));
            }
        }
        out.append(escape(limits.toString()));
    }

    private void element(String name, String text) {
        if (!text.isEmpty()) {
            out.append('<')
                    .append(name)
                    .append('>')
                    .append(escape(text))
                    .append("</")
                    .append(name)
                    .append(">\n");
        }
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
