package org.countersign.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.server.openapi.ApiDocument.names;
import static org.countersign.server.openapi.ApiDocument.schemaName;
import static org.countersign.server.openapi.ApiDocument.texts;
import static org.countersign.server.openapi.ResourceMethods.annotation;
import static org.countersign.server.openapi.ResourceMethods.body;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ErrorCode;
import org.countersign.server.web.ErrorAnswer;
import org.countersign.server.web.Form;
import org.countersign.server.web.OpenToAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The API's document and the code of a WAR say the same: addresses, methods, media types, members of requests and answers
 * and their types, security, error codes. Whatever one has and the other lacks is an error here.
 */
public abstract class ApiDocumentRules {

    private static final ApiDocument DOCUMENT = ApiDocument.read();
    private static final SchemaComparison SCHEMAS = new SchemaComparison(DOCUMENT);
    /** Schemas of generic records, which are named for what they carry. */
    private static final String GENERIC = "Envelope";

    private final ProductApi product;
    private final Map<String, Method> methods;

    protected ApiDocumentRules(ProductApi product) {
        this.product = product;
        this.methods = ResourceMethods.all();
        methods.values()
                .removeIf(method -> product.unheldPackages()
                        .contains(method.getDeclaringClass().getPackageName()));
    }

    private Map<String, JsonNode> operations() {
        var operations = DOCUMENT.operations();
        operations
                .values()
                .removeIf(operation -> texts(operation.path("tags")).stream().anyMatch(product.unheldTags()::contains));
        return operations;
    }

    @Test
    void it_is_a_valid_openapi_document() {
        var options = new ParseOptions();
        options.setResolve(true);
        var result = new OpenAPIV3Parser().readContents(DOCUMENT.json().toString(), null, options);
        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getPaths()).isNotEmpty();
        assertThat(DOCUMENT.json().path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(DOCUMENT.json().path("info").path("version").asText()).matches("\\d+\\.\\d+\\.\\d+");
    }

    @Test
    void a_mistake_in_it_would_be_found() {
        var broken = DOCUMENT.json().toString().replaceFirst("\"summary\"", "\"sumary\"");
        assertThat(new OpenAPIV3Parser().readContents(broken).getMessages()).isNotEmpty();
    }

    @Test
    void its_schemas_are_schemas_and_its_examples_follow_them() {
        var meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
        DOCUMENT.forEachSchema((name, schema) -> {
            assertThat(meta.validate(schema)).as(name).isEmpty();
            for (var example : schema.path("examples")) {
                assertThat(DOCUMENT.validate(schema, example))
                        .as("the example of " + name)
                        .isEmpty();
            }
        });
    }

    @Test
    void it_has_every_address_and_method_and_invents_none() {
        assertThat(operations().keySet()).isEqualTo(methods.keySet());
        assertThat(methods).hasSizeGreaterThan(20);
    }

    @TestFactory
    Stream<DynamicTest> every_operation_is_as_the_code_has_it() {
        return methods.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> check(
                                entry.getKey(), entry.getValue(), operations().get(entry.getKey()))));
    }

    @Test
    void every_schema_is_of_a_record_that_a_call_uses() {
        var used = new TreeSet<>(product.otherSchemas());
        used.add("Error");
        for (var method : methods.values()) {
            body(method).ifPresent(parameter -> SchemaComparison.collect(parameter.getParameterizedType(), used));
            responses(method).values().forEach(type -> SchemaComparison.collect(type, used));
        }
        var declared = new TreeSet<String>();
        DOCUMENT.forEachSchema((name, schema) -> declared.add(name));
        declared.removeIf(name -> name.endsWith(GENERIC) && isReferredTo(name));
        assertThat(declared).containsAll(used);
        if (product.isWhole()) {
            assertThat(declared).isEqualTo(used);
        }
        SCHEMAS.compare(ErrorAnswer.class, DOCUMENT.schemas().path("Error"), false, "Error");
    }

    private static boolean isReferredTo(String schema) {
        return DOCUMENT.json().path("paths").toString().contains("\"#/components/schemas/" + schema + "\"");
    }

    @Test
    void it_declares_every_error_code_and_invents_none() {
        var names = new TreeMap<String, ErrorCode>();
        var numbers = new TreeMap<String, ErrorCode>();
        var unused = new TreeSet<String>();
        for (var code : product.errors()) {
            names.put(code.wireName() + " " + code.status(), code);
            numbers.put(number(code) + " " + code.status(), code);
            unused.add(code.wireName());
        }
        var usedNames = new TreeSet<String>();
        operations()
                .forEach((name, operation) -> operation
                        .path("responses")
                        .properties()
                        .forEach(response -> {
                            for (var used : DOCUMENT.errors(response.getValue())) {
                                if (used.matches("\\d{3}")) {
                                    assertThat(used).as(name).isEqualTo(response.getKey());
                                    continue;
                                }
                                boolean isNumber = used.matches("\\d+");
                                var known = isNumber ? numbers : names;
                                var key = used + " " + response.getKey();
                                assertThat(known).as(name).containsKey(key);
                                unused.remove(known.get(key).wireName());
                                if (!isNumber) {
                                    usedNames.add(used);
                                }
                            }
                        }));
        var declared = texts(DOCUMENT.schemas()
                .path("Error")
                .path("properties")
                .path("error")
                .path("enum"));
        assertThat(declared).containsAll(usedNames);
        if (product.isWhole()) {
            assertThat(unused).isEmpty();
            assertThat(usedNames).containsAll(declared);
        }
    }

    /** In the form of refusals that has numbers. */
    private static int number(ErrorCode code) {
        return code instanceof DsError own ? own.number() : 200_000 + code.status();
    }

    private void check(String name, Method method, JsonNode operation) {
        assertThat(texts(operation.path("tags"))).hasSize(1);
        assertThat(texts(DOCUMENT.json().path("tags"), "name")).containsAll(texts(operation.path("tags")));
        checkParameters(method, operation);
        checkBody(name, method, operation);
        checkAnswers(name, method, operation);
        checkSecurity(method, operation);
    }

    private void checkParameters(Method method, JsonNode operation) {
        var expected = new TreeMap<String, String>();
        for (var parameter : method.getParameters()) {
            var path = parameter.getAnnotation(PathParam.class);
            if (path != null) {
                expected.put("path " + path.value(), "string");
            }
            var query = parameter.getAnnotation(QueryParam.class);
            if (query != null) {
                expected.put(
                        "query " + query.value(),
                        Set.<Type>of(Integer.class, int.class).contains(parameter.getType()) ? "integer" : "string");
            }
            var header = parameter.getAnnotation(HeaderParam.class);
            if (header != null && !product.credentialHeaders().contains(header.value())) {
                expected.put("header " + header.value(), "string");
            }
        }
        var declared = new TreeMap<String, String>();
        operation
                .path("parameters")
                .forEach(parameter -> declared.put(
                        parameter.path("in").asText() + " "
                                + parameter.path("name").asText(),
                        parameter.path("schema").path("type").asText()));
        assertThat(declared).isEqualTo(expected);
    }

    private void checkBody(String name, Method method, JsonNode operation) {
        var content = operation.path("requestBody").path("content");
        var body = body(method);
        assertThat(content.isMissingNode()).isEqualTo(body.isEmpty());
        if (body.isEmpty()) {
            return;
        }
        var consumes = annotation(method, Consumes.class).value();
        assertThat(names(content)).containsExactly(consumes);
        var schema = content.path(consumes[0]).path("schema");
        if (consumes[0].equals(MediaType.MULTIPART_FORM_DATA)) {
            assertThat(names(schema.path("properties"))).contains("document");
        } else if (body.get().getType() == Form.class || isReadByTheMethod(body.get(), consumes[0])) {
            assertThat(product.otherSchemas()).contains(schemaName(schema));
        } else {
            SCHEMAS.compareType(body.get().getParameterizedType(), schema, true, name);
        }
    }

    /** JSON of a form that only the method knows; what is not JSON is bytes, and described as such. */
    private static boolean isReadByTheMethod(Parameter body, String consumes) {
        return body.getType() == InputStream.class && consumes.endsWith("json");
    }

    private void checkAnswers(String name, Method method, JsonNode operation) {
        var expected = responses(method);
        var successes = new TreeMap<String, JsonNode>();
        operation.path("responses").properties().forEach(response -> {
            if (DOCUMENT.errors(response.getValue()).isEmpty()) {
                successes.put(response.getKey(), response.getValue());
            }
        });
        assertThat(successes.keySet()).isEqualTo(expected.keySet());
        var produces = Arrays.stream(annotation(method, Produces.class).value())
                .map(type -> type.replaceAll(";.*", ""))
                .toList();
        expected.forEach((status, type) -> {
            var content = successes.get(status).path("content");
            if (type == void.class) {
                assertThat(content.isMissingNode()).isTrue();
                return;
            }
            assertThat(names(content)).isEqualTo(produces);
            SCHEMAS.compareType(type, content.path(produces.get(0)).path("schema"), false, name + " " + status);
            // Whatever else there may be is a text.
            produces.stream()
                    .skip(1)
                    .forEach(other -> SCHEMAS.compareType(
                            String.class, content.path(other).path("schema"), false, name + " " + status));
        });
    }

    private void checkSecurity(Method method, JsonNode operation) {
        boolean open = method.isAnnotationPresent(OpenToAll.class)
                || method.getDeclaringClass().isAnnotationPresent(OpenToAll.class);
        var security = operation.path("security");
        assertThat(security.isMissingNode()).isEqualTo(!open);
        var statuses = names(operation.path("responses"));
        boolean authenticatesItself = Arrays.stream(method.getParameters())
                .map(parameter -> parameter.getAnnotation(HeaderParam.class))
                .anyMatch(
                        header -> header != null && product.credentialHeaders().contains(header.value()));
        assertThat(open && !security.isEmpty()).isEqualTo(authenticatesItself);
        if (!open || authenticatesItself) {
            assertThat(statuses).contains("401", "403", "503");
        }
        assertThat(statuses).contains("406", "500");
        if (body(method).isPresent()) {
            assertThat(statuses).contains("400", "413", "415", "503");
        }
        if (Arrays.stream(method.getParameters()).anyMatch(p -> p.isAnnotationPresent(PathParam.class))) {
            assertThat(statuses).contains("404");
        }
    }

    private Map<String, Type> responses(Method method) {
        if (method.getReturnType() == Response.class) {
            var key = method.getDeclaringClass().getSimpleName() + "." + method.getName();
            assertThat(product.responses())
                    .as("what a method answers that returns a Response")
                    .containsKey(key);
            return new TreeMap<>(product.responses().get(key));
        }
        if (method.getReturnType() == void.class) {
            return Map.of("204", void.class);
        }
        return Map.of("200", method.getGenericReturnType());
    }
}
