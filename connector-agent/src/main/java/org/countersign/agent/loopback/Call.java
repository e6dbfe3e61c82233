package org.countersign.agent.loopback;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.Optional;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * A request that passed the gate.
 *
 * @param origin of the page; nothing for a program
 * @param browser the browser's token, with right check digits; nothing when the client sends none
 * @param label of the application, by its token; nothing without one
 * @param tag that the application wants its transaction to have
 * @param languages {@code Accept-Language} as it came; empty when there is none
 * @param port on which the request came in
 * @param deadline for the answer
 * @param path what the route's {@code {name}} stand for
 * @param query the first value of each name
 * @param body an empty object when there is none
 */
public record Call(
        Optional<String> origin,
        Optional<String> browser,
        Optional<String> label,
        Optional<String> tag,
        String languages,
        int port,
        Deadline deadline,
        Map<String, String> path,
        Map<String, String> query,
        JsonObject body) {

    private static final int LONGEST_NUMBER = 10;

    public Call {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
    }

    /** A member that is a string; nothing when it is left out, null or empty. */
    public Optional<String> text(String member) {
        var value = body.get(member);
        if (value == null || value == JsonValue.NULL) {
            return Optional.empty();
        }
        if (!(value instanceof JsonString text)) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "A member that must be a string is none");
        }
        return Optional.of(text.getString()).filter(string -> !string.isEmpty());
    }

    /** A member that is a whole number; what is usual when it is left out or null. */
    public int number(String member, int from, int to, int usual) {
        var value = body.get(member);
        if (value == null || value == JsonValue.NULL) {
            return usual;
        }
        if (value instanceof JsonNumber && value.toString().length() <= LONGEST_NUMBER) {
            try {
                int number = Integer.parseInt(value.toString());
                if (number >= from && number <= to) {
                    return number;
                }
            } catch (NumberFormatException notWhole) {
                // said below
            }
        }
        throw new ProtocolException(AgentError.BAD_REQUEST, "A member that must be a whole number in limits is none");
    }

    /** A member that is true or false; false when it is left out or null. */
    public boolean flag(String member) {
        var value = body.get(member);
        if (value == null || value == JsonValue.NULL || value == JsonValue.FALSE) {
            return false;
        }
        if (value != JsonValue.TRUE) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "A member that must be true or false is neither");
        }
        return true;
    }
}
