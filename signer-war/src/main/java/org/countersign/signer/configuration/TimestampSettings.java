package org.countersign.signer.configuration;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.core.x509.TrustAnchors;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.oauth.Peer;

/**
 * The {@code timestampAuthority} of a configuration file: who is asked for time stamps (RFC 3161 over HTTP, §3.4).
 *
 * @param authorization the value of the {@code Authorization} header, where the authority wants HTTP Basic
 * @param policy that a time stamp has to be given under; empty for the authority's own choice
 * @param trustAnchors that the certificate of each time stamp has to lead to
 * @param patience for one time stamp
 */
public record TimestampSettings(
        URI url,
        Optional<String> authorization,
        Optional<String> policy,
        TrustAnchors trustAnchors,
        Duration patience) {

    private static final int DEFAULT_SECONDS = 10;
    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s@#]+");

    static Optional<TimestampSettings> read(ConfigurationObject file, Map<String, String> environment) {
        var object = file.object("timestampAuthority");
        if (!object.isPresent()) {
            return Optional.empty();
        }
        var url = url(object);
        var username = object.text("username");
        var password = object.resolved("password", environment);
        if (username.isPresent() != object.has("password")) {
            object.problems().error(object.pathOf("username"), "and password go together");
        }
        if (username.isPresent() && username.get().contains(":")) {
            object.problems().error(object.pathOf("username"), "must have no colon (RFC 7617)");
        }
        if (username.isPresent() && "http".equals(url.getScheme()) && !Peer.isLoopbackName(url.getHost())) {
            object.problems().error(object.pathOf("url"), "must be https where a password goes with it");
        }
        var policy = object.text("policy");
        if (policy.isPresent() && ASN1ObjectIdentifier.tryFromID(policy.get()) == null) {
            object.problems()
                    .error(object.pathOf("policy"), "must be an object identifier, such as 1.3.6.1.4.1.4146.2.3");
        }
        var anchors = anchors(object);
        int seconds = object.number("timeoutInSeconds", DEFAULT_SECONDS, 1, 60);
        object.refuseUnknownKeys();
        return Optional.of(new TimestampSettings(
                url,
                username.flatMap(name -> password.map(word -> Exchange.basic(name, word))),
                policy,
                anchors,
                Duration.ofSeconds(seconds)));
    }

    private static URI url(ConfigurationObject object) {
        var text = object.requiredText("url");
        try {
            if (ADDRESS.matcher(text).matches() && URI.create(text).getHost() != null) {
                return URI.create(text);
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        if (!text.isEmpty()) {
            object.problems().error(object.pathOf("url"), "must be an http or https address without a user's name");
        }
        return URI.create("http://localhost");
    }

    private static TrustAnchors anchors(ConfigurationObject object) {
        var pem = object.texts("trustAnchors");
        try {
            return TrustAnchors.read(String.join("\n", pem));
        } catch (IllegalArgumentException malformed) {
            object.problems()
                    .error(
                            object.pathOf("trustAnchors"),
                            "must be one or more certificates in PEM, -----BEGIN CERTIFICATE-----…");
            return TrustAnchors.NONE;
        }
    }

    /** Where, without anything that may be a secret. */
    @Override
    public String toString() {
        return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }
}
