package org.countersign.server.vaults;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.oauth.Peer;

/**
 * The {@code aws} of a configuration file: how Amazon's services are reached.
 *
 * @param endpoint of the key management service in place of the region's own, such as that of a private network
 * @param accessKey empty for the SDK's own chain: environment, profile, the container's or the machine's role
 */
public record AwsSettings(String region, Optional<URI> endpoint, Optional<AccessKey> accessKey) {

    private static final Pattern REGION = Pattern.compile("[a-z]{2,3}(-[a-z]{2,12}){1,3}-[0-9]{1,2}");
    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s@#?]+");

    /** An access key of Amazon's. */
    public record AccessKey(String id, String secret, Optional<String> sessionToken) {

        @Override
        public String toString() {
            return "the access key " + id;
        }
    }

    /**
     * Empty unless enabled.
     *
     * @param needed whether something of this configuration uses a service of Amazon's
     */
    static Optional<AwsSettings> read(ConfigurationObject file, Map<String, String> environment, boolean needed) {
        var object = file.object("aws");
        boolean enabled = object.flag("enabled", false);
        if (needed && !enabled) {
            object.problems().error(object.pathOf("enabled"), "must be true, hsm.type being kms");
        } else if (enabled && !needed) {
            object.problems()
                    .warning(object.pathOf("enabled"), "changes nothing: hsm.type kms alone uses Amazon's services");
        }
        var region = region(object, needed && enabled);
        var endpoint = endpoint(object);
        var key = accessKey(object, environment);
        object.refuseUnknownKeys();
        return enabled ? Optional.of(new AwsSettings(region, endpoint, key)) : Optional.empty();
    }

    private static String region(ConfigurationObject object, boolean required) {
        var region = object.text("region");
        if (required && region.isEmpty()) {
            object.problems().error(object.pathOf("region"), "is required, such as eu-central-1");
        }
        if (region.isPresent() && !REGION.matcher(region.get()).matches()) {
            object.problems().error(object.pathOf("region"), "must be a region's name, such as eu-central-1");
        }
        return region.orElse("");
    }

    private static Optional<URI> endpoint(ConfigurationObject object) {
        var text = object.text("endpoint");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (ADDRESS.matcher(text.get()).matches()) {
                var endpoint = URI.create(text.get());
                if (endpoint.getHost() != null
                        && ("https".equals(endpoint.getScheme()) || Peer.isLoopbackName(endpoint.getHost()))) {
                    return Optional.of(endpoint);
                }
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        object.problems()
                .error(
                        object.pathOf("endpoint"),
                        "must be an https address; http is for this machine alone: data keys come over it");
        return Optional.empty();
    }

    private static Optional<AccessKey> accessKey(ConfigurationObject object, Map<String, String> environment) {
        var id = object.resolved("accessKeyId", environment);
        var reference = object.secret("secretAccessKey");
        if (reference.isPresent() && reference.get().isInPlace()) {
            object.problems()
                    .error(
                            object.pathOf("secretAccessKey"),
                            "must not stand in the file: use ${env:NAME} or ${file:PATH}");
        }
        var secret = object.resolved("secretAccessKey", environment);
        var token = object.resolved("sessionToken", environment);
        if (object.has("accessKeyId") != object.has("secretAccessKey")) {
            object.problems().error(object.pathOf("accessKeyId"), "and secretAccessKey go together");
        }
        if (object.has("sessionToken") && !object.has("accessKeyId")) {
            object.problems().error(object.pathOf("sessionToken"), "needs accessKeyId and secretAccessKey");
        }
        return id.flatMap(name -> secret.map(word -> new AccessKey(name, word, token)));
    }
}
