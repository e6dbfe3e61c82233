package org.countersign.agent.consent;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.countersign.agent.loopback.ConsentType;
import org.countersign.agent.loopback.Jsons;

/**
 * A user's consent.
 *
 * @param id 32 hexadecimal digits
 * @param days as it was given
 */
record Consent(String id, Holder holder, int days, Instant end) {

    /**
     * For whom it is, all of it.
     *
     * @param user the name in the operating system
     * @param browser SHA-256 of the browser's token, hexadecimal; empty when the client sent none
     */
    record Holder(ConsentType type, String origin, String user, String browser) {}

    boolean isValid(Instant now) {
        return now.isBefore(end);
    }

    JsonObject json() {
        return Jsons.object()
                .add("id", id)
                .add("type", holder.type().wireName())
                .add("origin", holder.origin())
                .add("user", holder.user())
                .add("browser", holder.browser())
                .add("days", days)
                .add("end", end.toString())
                .build();
    }

    /** Nothing when a member is missing or wrong. */
    static Optional<Consent> of(JsonObject json) {
        try {
            return ConsentType.of(json.getString("type"))
                    .map(type -> new Consent(
                            json.getString("id"),
                            new Holder(
                                    type, json.getString("origin"), json.getString("user"), json.getString("browser")),
                            json.getInt("days"),
                            Instant.parse(json.getString("end"))));
        } catch (NullPointerException | ClassCastException | DateTimeParseException damaged) {
            return Optional.empty();
        }
    }
}
