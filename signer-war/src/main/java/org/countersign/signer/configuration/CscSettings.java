package org.countersign.signer.configuration;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * What the service says of itself to clients of the Cloud Signature Consortium's API (1.0.4.0 §11.1).
 *
 * @param region an ISO 3166-1 Alpha-2 code
 * @param logo an image's address, empty for the one this server has
 * @param address of the context as others reach it, without a slash at its end; empty for the one that a request names
 * @param creation empty where clients create no credentials
 */
public record CscSettings(
        String name,
        String description,
        String region,
        Optional<String> logo,
        Optional<String> address,
        Optional<CreationSettings> creation) {

    private static final int LONGEST = 255;
    private static final String DEFAULT_REGION = "BE";
    private static final Pattern ADDRESS = Pattern.compile("https?://\\S*[^/\\s]");

    static CscSettings read(ConfigurationObject object, AuthorizationConfigurations authorizations) {
        var settings = new CscSettings(
                text(object, "name", "Countersign"),
                text(object, "description", "Remote signatures"),
                object.text("region").orElse(DEFAULT_REGION),
                address(object, "logo"),
                address(object, "address"),
                CreationSettings.read(object.object("creation"), authorizations));
        object.refuseUnknownKeys();
        if (Arrays.stream(Locale.getISOCountries()).noneMatch(settings.region()::equals)) {
            object.problems().error(object.pathOf("region"), "must be a country's code of two capitals (ISO 3166-1)");
        }
        return settings;
    }

    private static String text(ConfigurationObject object, String key, String otherwise) {
        var text = object.text(key).orElse(otherwise);
        if (text.isBlank() || text.length() > LONGEST) {
            object.problems().error(object.pathOf(key), "must have 1 to 255 characters");
        }
        return text;
    }

    private static Optional<String> address(ConfigurationObject object, String key) {
        var text = object.text(key);
        if (text.isPresent() && !isAddress(text.get())) {
            object.problems().error(object.pathOf(key), "must be an http or https address without a slash at its end");
        }
        return text;
    }

    private static boolean isAddress(String text) {
        try {
            return ADDRESS.matcher(text).matches() && URI.create(text).getHost() != null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
