package org.countersign.ds.envelope;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A refusal of the v3 API.
 *
 * @param serverTime as RFC 3339 has it; only where the caller's time is what is wrong
 */
@JsonPropertyOrder({"success", "code", "description", "serverTime"})
public record Refusal(boolean success, int code, String description, String serverTime) {

    public static Refusal of(int code, String description) {
        return new Refusal(false, code, description, null);
    }

    static Refusal ofTime(int code, String description, String serverTime) {
        return new Refusal(false, code, description, serverTime);
    }
}
