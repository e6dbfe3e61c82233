package org.countersign.signer.configuration;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.core.x509.CertificatePem;
import org.countersign.core.x509.PrivateKeyPem;
import org.countersign.core.x509.TrustAnchors;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.exchange.TlsIdentity;
import org.countersign.server.oauth.Peer;

/**
 * The {@code enrolment} of a tenant in a configuration file: the authority that is asked for its certificates by EST (RFC 7030).
 *
 * @param base of the operations' addresses, without a slash at its end
 * @param authorization the value of the {@code Authorization} header, where the authority wants HTTP Basic
 * @param identity that is shown to the authority where it asks for a certificate
 * @param trustAnchors that its TLS certificate has to lead to; empty without TLS
 * @param patience for one request
 */
public record EnrolmentSettings(
        URI base,
        Optional<String> authorization,
        Optional<TlsIdentity> identity,
        Set<X509Certificate> trustAnchors,
        Subjects subjects,
        Duration patience) {

    private static final int DEFAULT_SECONDS = 30;
    private static final String CERTIFICATE = "clientCertificate";
    private static final String KEY = "clientKey";
    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s@#?/]+");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._~-]{0,63}");

    /** RFC 7030 §3.2.2: a label is none of the operations. */
    private static final Set<String> OPERATIONS =
            Set.of("cacerts", "simpleenroll", "simplereenroll", "fullcmc", "serverkeygen", "csrattrs");

    public EnrolmentSettings {
        trustAnchors = Set.copyOf(trustAnchors);
    }

    enum Type {
        EST;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For which names certificates are asked for. */
    public enum Subjects {
        /** The seat's common name alone. */
        SEAT,
        /** Whatever an application has put into the request; of people who enrol themselves, the seat's all the same. */
        ANY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Optional<EnrolmentSettings> read(ConfigurationObject tenant, Map<String, String> environment) {
        var object = tenant.object("enrolment");
        if (!object.isPresent()) {
            return Optional.empty();
        }
        object.choice("type", Type.class, Type.EST);
        var url = url(object);
        var base = base(object, url);
        var authorization = authorization(object, environment);
        var identity = identity(object, environment);
        if (!object.has("username") && !object.has(CERTIFICATE)) {
            object.problems()
                    .error(
                            object.pathOf("username"),
                            "with password, or clientCertificate with clientKey, is required: by which the authority knows"
                                    + " this server");
        }
        var anchors = anchors(object, "https".equals(url.getScheme()));
        var subjects = object.choice("subjects", Subjects.class, Subjects.SEAT);
        int seconds = object.number("timeoutInSeconds", DEFAULT_SECONDS, 1, 60);
        object.refuseUnknownKeys();
        return Optional.of(
                new EnrolmentSettings(base, authorization, identity, anchors, subjects, Duration.ofSeconds(seconds)));
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
                            "must be https://HOST or https://HOST:PORT, without a path; http is for this machine alone");
        }
        return URI.create("http://localhost");
    }

    /** RFC 7030 §3.2.2. */
    private static URI base(ConfigurationObject object, URI url) {
        var label = object.text("label");
        if (label.isPresent() && (!LABEL.matcher(label.get()).matches() || OPERATIONS.contains(label.get()))) {
            object.problems()
                    .error(
                            object.pathOf("label"),
                            "must have 1 to 64 letters, digits, points, hyphens, underscores and tildes, and be no"
                                    + " operation of EST");
            label = Optional.empty();
        }
        return URI.create(
                url + "/.well-known/est" + label.map(text -> "/" + text).orElse(""));
    }

    private static Optional<String> authorization(ConfigurationObject object, Map<String, String> environment) {
        var username = object.text("username");
        var password = object.resolved("password", environment);
        if (username.isPresent() != object.has("password")) {
            object.problems().error(object.pathOf("username"), "and password go together");
        }
        if (username.isPresent() && username.get().contains(":")) {
            object.problems().error(object.pathOf("username"), "must have no colon (RFC 7617)");
        }
        return username.flatMap(name -> password.map(word -> Exchange.basic(name, word)));
    }

    private static Optional<TlsIdentity> identity(ConfigurationObject object, Map<String, String> environment) {
        var certificates = object.resolved(CERTIFICATE, environment);
        var keySource = object.secret(KEY);
        var key = object.resolved(KEY, environment);
        if (object.has(CERTIFICATE) != object.has(KEY)) {
            object.problems().error(object.pathOf(CERTIFICATE), "and clientKey go together");
        }
        if (keySource.isPresent() && keySource.get().isInPlace()) {
            object.problems().error(object.pathOf(KEY), "must be ${env:NAME} or ${file:PATH}");
            return Optional.empty();
        }
        if (certificates.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        try {
            var read = new TlsIdentity(PrivateKeyPem.read(key.get()), CertificatePem.read(certificates.get()));
            if (read.fits()) {
                return Optional.of(read);
            }
            object.problems()
                    .error(
                            object.pathOf(CERTIFICATE),
                            "must begin with the certificate of clientKey, each one's issuer after it");
        } catch (IllegalArgumentException malformed) {
            object.problems()
                    .error(
                            object.pathOf(CERTIFICATE),
                            "must be certificates in PEM, and clientKey a key in PEM without encryption (PKCS#8),"
                                    + " -----BEGIN PRIVATE KEY-----…");
        }
        return Optional.empty();
    }

    private static Set<X509Certificate> anchors(ConfigurationObject object, boolean tls) {
        var pem = object.texts("trustAnchors");
        if (pem.isEmpty() && !tls) {
            return Set.of();
        }
        try {
            return TrustAnchors.read(String.join("\n", pem)).certificates();
        } catch (IllegalArgumentException malformed) {
            object.problems()
                    .error(
                            object.pathOf("trustAnchors"),
                            "must be one or more certificates in PEM, -----BEGIN CERTIFICATE-----…: where the TLS"
                                    + " certificate of url has to lead to");
            return Set.of();
        }
    }

    /** Where, without anything that may be a secret. */
    @Override
    public String toString() {
        return base.toString();
    }
}
