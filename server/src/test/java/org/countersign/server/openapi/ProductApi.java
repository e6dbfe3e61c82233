package org.countersign.server.openapi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.countersign.core.error.ErrorCode;
import org.countersign.server.health.HealthResource.Health;
import org.countersign.server.oauth.OAuthClientsResource.ClientDescription;

/**
 * What the code of a product does not say by itself.
 *
 * @param responses what methods give whose return type says {@link jakarta.ws.rs.core.Response}: the entity's class by
 *     status, by {@code Class.method}; {@code void.class} for none
 * @param otherSchemas those that are not of a record
 * @param credentialHeaders by which callers authenticate where no access token is needed
 * @param errors every code that it answers
 * @param unheldPackages whose resources are not held to the rules yet, or are not the product's
 * @param unheldTags those of the former's calls in the document
 */
public record ProductApi(
        Map<String, Map<String, Class<?>>> responses,
        Set<String> otherSchemas,
        Set<String> credentialHeaders,
        List<ErrorCode> errors,
        Set<String> unheldPackages,
        Set<String> unheldTags) {

    private static final Map<String, Map<String, Class<?>>> COMMON_RESPONSES = Map.of(
            "OAuthClientsResource.create", Map.of("201", ClientDescription.class),
            "OAuthResource.revoke", Map.of("200", void.class),
            "HealthResource.ready", Map.of("200", Health.class, "503", Health.class),
            "HealthResource.readyAtAnyAddress", Map.of("200", Health.class, "503", Health.class),
            "MetricsResource.metrics", Map.of("200", String.class),
            "OpenApiResource.page", Map.of("200", String.class));

    /** Forms. */
    private static final Set<String> COMMON_SCHEMAS = Set.of("TokenRequest", "TokenQuestion", "ClientTokenQuestion");

    /** With what every product has. */
    public ProductApi {
        var allResponses = new HashMap<>(COMMON_RESPONSES);
        allResponses.putAll(responses);
        responses = Map.copyOf(allResponses);
        var allSchemas = new TreeSet<>(COMMON_SCHEMAS);
        allSchemas.addAll(otherSchemas);
        otherSchemas = Set.copyOf(allSchemas);
        var allHeaders = new TreeSet<>(credentialHeaders);
        allHeaders.add("Authorization");
        credentialHeaders = Set.copyOf(allHeaders);
        errors = List.copyOf(errors);
        unheldPackages = Set.copyOf(unheldPackages);
        unheldTags = Set.copyOf(unheldTags);
    }

    /** Whether all of it is held to the rules. */
    boolean isWhole() {
        return unheldTags.isEmpty();
    }
}
