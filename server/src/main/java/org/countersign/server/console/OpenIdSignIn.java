package org.countersign.server.console;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.jose.Base64Url;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.limits.Windows;
import org.countersign.server.oauth.Peer;
import org.countersign.server.openid.OpenIdProvider;
import org.countersign.server.openid.OpenIdUser;
import org.countersign.server.persistence.Statements;

/**
 * People sign in at an OpenID provider. What a browser is sent away with ({@code state}, {@code nonce} and the verifier of
 * PKCE) follows from one random value, which is in its cookie only; the database has that value's SHA-256, until the browser
 * is back: whichever request takes the row away goes on, on any node.
 */
public final class OpenIdSignIn {

    /** How long somebody may take at the provider. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int FROM_NETWORK = 60;
    private static final int REMEMBERED = 10_000;
    private static final int LONGEST_CODE = 4096;

    private final OpenIdProvider provider;
    private final Admission admission;
    private final Statements statements;
    private final AuditLog audit;
    private final SessionEvents events;
    private final Clock clock;
    private final Entropy entropy;
    private final Windows networks;

    /**
     * @param admission of whom the provider gives a role
     * @param events how signing in is written down
     */
    public OpenIdSignIn(
            OpenIdProvider provider,
            Admission admission,
            Statements statements,
            AuditLog audit,
            SessionEvents events,
            Clock clock,
            Entropy entropy) {
        this.provider = provider;
        this.admission = admission;
        this.statements = statements;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
        this.entropy = entropy;
        this.networks = new Windows(WINDOW, REMEMBERED, clock);
    }

    /** @param cookie what the browser has to bring back */
    record Begun(String cookie, URI location) {}

    /** What the browser brings back from the provider. */
    record Answer(Optional<String> state, Optional<String> code, Optional<String> error, Optional<String> issuer) {}

    /**
     * @param network what attempts are counted by
     * @throws ProtocolException {@code slow_down}; {@code temporarily_unavailable} when the provider can not be reached
     */
    Begun begin(String network) {
        if (networks.add(network) > FROM_NETWORK) {
            throw ProtocolException.retryAfter(
                    OAuth2Error.SLOW_DOWN, "Too many attempts; try again later", networks.remaining(network));
        }
        var cookie = entropy.token();
        var location = provider.authorization(of(cookie, "state"), of(cookie, "nonce"), of(cookie, "verifier"));
        statements.update("insert into console_sign_in (token_hash, created_at) values (?, ?)", statement -> {
            statement.setBytes(1, hash(cookie));
            statement.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
        });
        return new Begun(cookie, location);
    }

    /**
     * @param address in digits
     * @throws ProtocolException {@code invalid_request} when it is not the answer to what this browser began;
     *     {@code access_denied} for somebody who may do nothing here; {@code temporarily_unavailable}
     */
    Person finish(String cookie, Answer answer, String address, Peer peer) {
        if (answer.state().isEmpty() || !isEqual(answer.state().get(), of(cookie, "state")) || !take(cookie)) {
            throw ProtocolException.invalidRequest("The sign-in was not begun by this browser, or is over");
        }
        if (!provider.isAnswerOf(answer.issuer())) {
            throw refused(null, address, "issuer");
        }
        var code = answer.code().filter(text -> text.length() <= LONGEST_CODE);
        if (answer.error().isPresent() || code.isEmpty()) {
            throw refused(null, address, "provider");
        }
        var user = provider.user(code.get(), of(cookie, "nonce"), of(cookie, "verifier"))
                .orElseThrow(() -> refused(null, address, "token"));
        if (user.roles().isEmpty()) {
            refused(user, address, "role");
            throw ProtocolException.accessDenied();
        }
        var person = new Person(Person.Source.OPEN_ID, user.name(), user.roles(), false);
        if (!admission.admits(person, peer)) {
            refused(user, address, "seat");
            throw ProtocolException.accessDenied();
        }
        audit.append(events.success("signed-in", person.auditName()).detail("address", address));
        return person;
    }

    private ProtocolException refused(OpenIdUser user, String address, String reason) {
        audit.append(
                events.failure("sign-in-refused", user == null ? null : Person.Source.OPEN_ID.auditName(user.name()))
                        .detail("address", address)
                        .detail("reason", reason));
        return ProtocolException.invalidRequest("The provider's answer was refused");
    }

    /** Whether it was there and in time; of several at once, one alone. */
    private boolean take(String cookie) {
        return statements.update("delete from console_sign_in where token_hash = ? and created_at > ?", statement -> {
                    statement.setBytes(1, hash(cookie));
                    statement.setObject(2, clock.instant().minus(PATIENCE).atOffset(ZoneOffset.UTC));
                })
                == 1;
    }

    /** Forgets who did not come back. */
    public void purge() {
        statements.update(
                "delete from console_sign_in where created_at < ?",
                statement ->
                        statement.setObject(1, clock.instant().minus(PATIENCE).atOffset(ZoneOffset.UTC)));
    }

    static String of(String cookie, String what) {
        return Base64Url.encode(new HmacUtils(HmacAlgorithms.HMAC_SHA_256, cookie).hmac(what));
    }

    private static boolean isEqual(String given, String expected) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hash(String cookie) {
        return DigestUtils.sha256(cookie.getBytes(StandardCharsets.US_ASCII));
    }
}
