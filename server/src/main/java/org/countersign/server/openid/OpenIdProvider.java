package org.countersign.server.openid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.jose.Base64Url;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.logging.ContextLogger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/**
 * The provider of the configuration file: what it says of itself (OpenID Connect Discovery 1.0 §4), its keys, and its answer
 * to a code. The first is read when somebody signs in first, not at the start, which must not wait for others; it is read
 * again after a failure. Safe for use by many threads.
 */
public final class OpenIdProvider implements IdTokens.Keys {

    private static final System.Logger LOG = ContextLogger.of(OpenIdProvider.class);
    private static final JsonMapper JSON = new JsonMapper();

    /** How soon something that failed, or keys that were looked for, are tried again. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ACCEPTED = "application/json";

    private final OpenIdSettings settings;
    private final URI redirect;
    private final Clock clock;
    private final IdTokens tokens;
    private final Exchange exchange = new Exchange(PATIENCE);
    private Metadata metadata;
    private Instant metadataTried = Instant.MIN;
    private List<JsonWebKey> keys = List.of();
    private Instant keysTried = Instant.MIN;

    /** @param namesItself whether answers name their issuer (RFC 9207) */
    private record Metadata(URI authorization, URI token, URI jwks, boolean namesItself) {}

    /** @param redirect where the provider sends browsers back to */
    public OpenIdProvider(OpenIdSettings settings, URI redirect, Clock clock) {
        this.settings = settings;
        this.redirect = redirect;
        this.clock = clock;
        this.tokens = new IdTokens(settings, this, clock);
    }

    /**
     * Where a browser is sent to sign in.
     *
     * @throws ProtocolException {@code temporarily_unavailable} when the provider does not say
     */
    public URI authorization(String state, String nonce, String verifier) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("response_type", "code");
        parameters.put("client_id", settings.clientId());
        parameters.put("redirect_uri", redirect.toString());
        parameters.put("scope", settings.scope());
        parameters.put("state", state);
        parameters.put("nonce", nonce);
        parameters.put("code_challenge", Base64Url.encode(DigestUtils.sha256(verifier)));
        parameters.put("code_challenge_method", "S256");
        var endpoint = metadata().authorization();
        return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + form(parameters));
    }

    /** Whether an answer of the authorization endpoint may be this provider's (RFC 9207 §2.4). @param issuer may be absent */
    public boolean isAnswerOf(Optional<String> issuer) {
        return issuer.map(settings.issuer()::equals).orElseGet(() -> !metadata().namesItself());
    }

    /**
     * Whom a code stands for.
     *
     * @return empty when the code or what it stands for is refused; why is logged
     * @throws ProtocolException {@code temporarily_unavailable} when the provider does not say where
     */
    public Optional<OpenIdUser> user(String code, String nonce, String verifier) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("grant_type", "authorization_code");
        parameters.put("code", code);
        parameters.put("redirect_uri", redirect.toString());
        parameters.put("code_verifier", verifier);
        var endpoint = metadata().token();
        try {
            var answer = object(exchange.post(
                    endpoint,
                    "application/x-www-form-urlencoded",
                    form(parameters).getBytes(StandardCharsets.US_ASCII),
                    ACCEPTED,
                    Optional.of(credentials())));
            return tokens.user(text(answer, "id_token"), nonce);
        } catch (IOException failure) {
            forget();
            LOG.log(System.Logger.Level.WARNING, "A code was not taken by " + settings.issuer(), failure);
            return Optional.empty();
        }
    }

    /** RFC 6749 §2.3.1. */
    private String credentials() {
        return Exchange.basic(encode(settings.clientId()), encode(settings.clientSecret()));
    }

    private synchronized void forget() {
        metadata = null;
    }

    private synchronized Metadata metadata() {
        if (metadata == null) {
            if (!isDue(metadataTried)) {
                throw unavailable();
            }
            metadataTried = clock.instant();
            try {
                metadata = discover();
            } catch (IOException failure) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The configuration of " + settings.issuer() + " is missing",
                        failure);
                throw unavailable();
            }
        }
        return metadata;
    }

    private static ProtocolException unavailable() {
        return ProtocolException.retryAfter(
                OAuth2Error.TEMPORARILY_UNAVAILABLE, "The OpenID provider can not be reached", PAUSE);
    }

    private boolean isDue(Instant tried) {
        return tried.equals(Instant.MIN) || !clock.instant().isBefore(tried.plus(PAUSE));
    }

    private Metadata discover() throws IOException {
        var base = settings.issuer().replaceFirst("/$", "");
        var found = object(exchange.get(URI.create(base + "/.well-known/openid-configuration"), ACCEPTED));
        if (!settings.issuer().equals(text(found, "issuer"))) {
            throw new IOException("The configuration is another issuer's");
        }
        return new Metadata(
                address(found, "authorization_endpoint"),
                address(found, "token_endpoint"),
                address(found, "jwks_uri"),
                found.path("authorization_response_iss_parameter_supported").asBoolean(false));
    }

    @Override
    public synchronized List<JsonWebKey> known() {
        return keys.isEmpty() ? refreshed() : keys;
    }

    @Override
    public synchronized List<JsonWebKey> refreshed() {
        if (isDue(keysTried)) {
            keysTried = clock.instant();
            try {
                keys = List.copyOf(
                        new JsonWebKeySet(new String(exchange.get(metadata().jwks(), ACCEPTED), StandardCharsets.UTF_8))
                                .getJsonWebKeys());
            } catch (IOException | JoseException failure) {
                forget();
                LOG.log(System.Logger.Level.WARNING, "The keys of " + settings.issuer() + " are missing", failure);
            }
        }
        return keys;
    }

    private static JsonNode object(byte[] json) throws IOException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            // Its message would quote what may be a token.
            throw new IOException("The answer is not JSON");
        }
    }

    private static String text(JsonNode object, String member) throws IOException {
        var value = object.path(member);
        if (!value.isTextual()) {
            throw new IOException("The answer has no " + member);
        }
        return value.textValue();
    }

    private static URI address(JsonNode object, String member) throws IOException {
        var text = text(object, member);
        if (!OpenIdSettings.isAddress(text.replaceFirst("\\?.*", ""))) {
            throw new IOException("The " + member + " is neither https nor on this machine");
        }
        return URI.create(text);
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
