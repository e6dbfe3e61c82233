package org.countersign.server.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** The body of every refusal (RFC 6749 §5.2). */
@JsonPropertyOrder({"error", "error_description"})
public record ErrorAnswer(
        String error, @JsonProperty("error_description") String errorDescription) {}
