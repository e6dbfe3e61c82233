package org.countersign.agent.link;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.entropy.Entropy;

/**
 * What is kept of the service between two runs.
 *
 * @param device the identifier, a UUID
 * @param registered whether the service has said so
 * @param correction of the clock
 * @param latest time that was told, to within a day
 * @param origins whose pages may use the agent
 * @param issuers whose tokens count
 */
record Memory(
        String device,
        boolean registered,
        Optional<Duration> correction,
        Optional<Instant> latest,
        List<String> origins,
        List<String> issuers) {

    private static final String FILE = "link.json";
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    Memory {
        origins = List.copyOf(origins);
        issuers = List.copyOf(issuers);
    }

    /** What a service other than this one said is forgotten. */
    static Memory read(PrivateFolder folder, String service, Entropy entropy) {
        var json = folder.read(FILE).flatMap(Jsons::parse).orElse(JsonObject.EMPTY_JSON_OBJECT);
        var device = json.getString("device", "");
        if (!UUID.matcher(device).matches()) {
            device = entropy.uuid().toString();
        }
        if (!service.equals(json.getString("service", ""))) {
            return new Memory(device, false, Optional.empty(), Optional.empty(), List.of(), List.of());
        }
        var seconds = json.get("correctionInSeconds");
        var latest = json.get("latestInSeconds");
        return new Memory(
                device,
                json.getBoolean("registered", false),
                seconds instanceof JsonNumber number
                        ? Optional.of(Duration.ofSeconds(number.longValue()))
                        : Optional.empty(),
                latest instanceof JsonNumber number
                        ? Optional.of(Instant.ofEpochSecond(number.longValue()))
                        : Optional.empty(),
                texts(json, "origins"),
                texts(json, "issuers"));
    }

    void write(PrivateFolder folder, String service) {
        var json = Jsons.object().add("service", service).add("device", device).add("registered", registered);
        correction.ifPresent(duration -> json.add("correctionInSeconds", duration.toSeconds()));
        latest.ifPresent(time -> json.add("latestInSeconds", time.getEpochSecond()));
        json.add("origins", Jsons.texts(origins)).add("issuers", Jsons.texts(issuers));
        folder.write(FILE, Jsons.bytes(json.build()));
    }

    static List<String> texts(JsonObject json, String member) {
        return json.get(member) instanceof JsonArray array
                ? array.stream()
                        .filter(JsonString.class::isInstance)
                        .map(item -> ((JsonString) item).getString())
                        .toList()
                : List.of();
    }

    Memory asRegistered(boolean now) {
        return new Memory(device, now, correction, latest, origins, issuers);
    }

    Memory asDevice(String other) {
        return new Memory(other, false, correction, latest, origins, issuers);
    }
}
