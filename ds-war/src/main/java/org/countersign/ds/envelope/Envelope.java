package org.countersign.ds.envelope;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** An answer of the v3 API. */
@JsonPropertyOrder({"success", "data"})
public record Envelope<T>(boolean success, T data) {

    public static <T> Envelope<T> of(T data) {
        return new Envelope<>(true, data);
    }
}
