package org.countersign.agent.link;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.countersign.agent.settings.Setting;
import org.countersign.agent.settings.Settings;
import org.countersign.agent.trust.TrustedIssuers;
import org.countersign.core.x509.TrustAnchors;

/**
 * Which distribution service there is.
 *
 * @param service its address, as {@code issuer} has it there
 * @param registrationKey for the first contact
 */
public record LinkSettings(URI service, Optional<String> registrationKey) {

    private static final long LARGEST = 1L << 20;

    /** Nothing when there is to be no link. */
    public static Optional<LinkSettings> of(Settings settings) {
        var text = settings.text(Setting.DS_URL);
        var key = Optional.of(settings.text(Setting.DS_REGISTRATION_KEY)).filter(given -> !given.isEmpty());
        if (text.isEmpty()) {
            key.ifPresent(given ->
                    settings.problems().error(Setting.DS_REGISTRATION_KEY.key(), "needs " + Setting.DS_URL.key()));
            return Optional.empty();
        }
        var uri = TrustedIssuers.uri(text);
        if (uri.isEmpty()) {
            settings.problems()
                    .error(
                            Setting.DS_URL.key(),
                            "must be an https address without query and slash at its end, as \"issuer\" has it"
                                    + " there; http for localhost, 127.0.0.1 and [::1] only");
        }
        return uri.map(service -> new LinkSettings(service, key));
    }

    /** The authorities that are trusted beside Java's own. */
    public static List<X509Certificate> anchors(Settings settings) {
        var text = settings.text(Setting.HTTPS_TRUST);
        if (text.isEmpty()) {
            return List.of();
        }
        var file = Path.of(text);
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= LARGEST) {
                return List.copyOf(TrustAnchors.read(Files.readString(file)).certificates());
            }
        } catch (IOException | IllegalArgumentException unusable) {
            // said below
        }
        settings.problems().error(Setting.HTTPS_TRUST.key(), "must be a PEM file of certificates, 1 MiB at most");
        return List.of();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "the link to " + service;
    }
}
