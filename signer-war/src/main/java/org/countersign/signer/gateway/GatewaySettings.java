package org.countersign.signer.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.server.oauth.Peer;

/**
 * The {@code didProperties} of a configuration file.
 *
 * @param url without a slash at its end
 * @param clientId of HTTP Basic, both ways
 * @param answerTime how long a holder may take to answer
 */
public record GatewaySettings(
        URI url,
        String clientId,
        String clientSecret,
        Duration answerTime,
        Template approvalSubject,
        Template approvalText,
        Template messageSubject,
        Template messageText) {

    private static final int DEFAULT_SECONDS = 300;
    private static final int LEAST_SECRET = 16;
    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s@#?]+[^\\s@#?/]");

    /**
     * Empty where the file has none.
     *
     * @param answers whether holders answer through it
     */
    public static Optional<GatewaySettings> read(
            ConfigurationObject file, Map<String, String> environment, boolean answers) {
        var object = file.object("didProperties");
        if (!object.isPresent()) {
            return Optional.empty();
        }
        var url = url(object);
        var clientId = object.requiredText("clientId");
        if (clientId.contains(":")) {
            object.problems().error(object.pathOf("clientId"), "must have no colon (RFC 7617)");
        }
        object.requiredText("clientSecret");
        var secret = object.resolved("clientSecret", environment).orElse("");
        if (!secret.isEmpty() && secret.length() < LEAST_SECRET) {
            var path = object.pathOf("clientSecret");
            var what = "is short: who knows it answers for holders; take 16 random characters or more";
            if (answers) {
                object.problems().error(path, what);
            } else {
                object.problems().warning(path, what);
            }
        }
        int seconds = object.number("timeoutInSeconds", DEFAULT_SECONDS, 10, 3_600);
        var settings = new GatewaySettings(
                url,
                clientId,
                secret,
                Duration.ofSeconds(seconds),
                template(object, "pushApproveSubjectTemplate", "${OPERATION_NUMBER}", Template.OF_APPROVAL),
                template(
                        object,
                        "pushApproveTextTemplate",
                        "${CLIENT}: ${TEXT_TO_SIGN} (${SIGNATURES})",
                        Template.OF_APPROVAL),
                template(object, "pushMessageSubjectTemplate", "${OPERATION_NUMBER}", Template.OF_CODE),
                template(object, "pushMessageTextTemplate", "${CODE}", Template.OF_CODE));
        if (!settings.messageText().has("CODE")) {
            object.problems().error(object.pathOf("pushMessageTextTemplate"), "must have ${CODE}");
        }
        object.refuseUnknownKeys();
        return Optional.of(settings);
    }

    private static Template template(ConfigurationObject object, String key, String otherwise, Set<String> known) {
        try {
            return new Template(object.text(key).orElse(otherwise), known);
        } catch (IllegalArgumentException unknown) {
            object.problems().error(object.pathOf(key), unknown.getMessage());
            return new Template(otherwise, known);
        }
    }

    private static URI url(ConfigurationObject object) {
        var text = object.requiredText("url");
        try {
            if (ADDRESS.matcher(text).matches()) {
                var url = URI.create(text);
                if (url.getHost() != null && ("https".equals(url.getScheme()) || Peer.isLoopbackName(url.getHost()))) {
                    return url;
                }
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        if (!text.isEmpty()) {
            object.problems()
                    .error(
                            object.pathOf("url"),
                            "must be an https address without a slash at its end; http is for this machine alone");
        }
        return URI.create("http://localhost");
    }

    /** Where, without anything that may be a secret. */
    @Override
    public String toString() {
        return url.toString();
    }
}
