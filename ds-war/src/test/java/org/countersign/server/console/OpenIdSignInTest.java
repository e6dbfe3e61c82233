package org.countersign.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.TestContext;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Peer;
import org.countersign.server.openid.OpenIdProvider;
import org.countersign.server.openid.OpenIdSettings;
import org.countersign.server.time.MovableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is decided before a provider is asked, and after, in a real database. */
class OpenIdSignInTest {

    private static final Set<ApiGroup> ROLES = Set.of(ApiGroup.OPERATOR, ApiGroup.AUDITOR, ApiGroup.SUPPORT);

    private static final String ISSUER = "https://op.example.com";
    private static final OpenIdSettings SETTINGS = new OpenIdSettings(
            ISSUER, "countersign", "secret", "openid", "sub", "groups", Map.of(ApiGroup.AUDITOR, Set.of("audit")));

    private static TestContext context;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final OpenIdSignIn signIn = new OpenIdSignIn(
            new OpenIdProvider(SETTINGS, URI.create("https://ds.example.com/callback"), clock),
            Admission.ALL,
            context.database().statements(),
            context.audit(),
            new SessionEvents(Optional.empty()),
            clock,
            TestContext.ENTROPY);

    @BeforeAll
    static void start() throws IOException {
        context = new TestContext();
    }

    @AfterAll
    static void stop() throws IOException {
        context.close();
    }

    /** @return the cookie of somebody who was sent to the provider now */
    private String begun() {
        var cookie = TestContext.ENTROPY.token();
        context.database().statements().update("insert into console_sign_in values (?, ?)", statement -> {
            statement.setBytes(1, DigestUtils.sha256(cookie));
            statement.setObject(2, OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
        });
        return cookie;
    }

    private void finish(String cookie, String state, String issuer) {
        signIn.finish(
                cookie,
                new OpenIdSignIn.Answer(
                        Optional.of(state), Optional.empty(), Optional.of("access_denied"), Optional.of(issuer)),
                "192.0.2.1",
                new Peer(false));
    }

    private void refuses(String cookie, String state, String issuer, String message) {
        assertThatThrownBy(() -> finish(cookie, state, issuer))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("invalid_request: " + message);
    }

    @Test
    void an_answer_is_looked_at_once_and_in_time_and_for_its_own_browser() {
        var over = "The sign-in was not begun by this browser, or is over";
        var answered = "The provider's answer was refused";
        var cookie = begun();
        var state = OpenIdSignIn.of(cookie, "state");
        refuses(cookie, OpenIdSignIn.of(begun(), "state"), ISSUER, over);
        refuses(begun(), state, ISSUER, over);
        refuses(cookie, state, ISSUER, answered);
        refuses(cookie, state, ISSUER, over);

        var late = begun();
        clock.advance(Duration.ofMinutes(10));
        refuses(late, OpenIdSignIn.of(late, "state"), ISSUER, over);

        var mixedUp = begun();
        refuses(mixedUp, OpenIdSignIn.of(mixedUp, "state"), "https://another.example.com", answered);
    }

    @Test
    void a_session_has_the_roles_of_its_sign_in_and_ends_with_another_provider() {
        var session = sessions(Optional.of(SETTINGS))
                .begin(new Person(Person.Source.OPEN_ID, "anna", Set.of(ApiGroup.AUDITOR), false));
        var caller = sessions(Optional.of(SETTINGS))
                .caller(session, Optional.empty(), new Peer(false))
                .orElseThrow();
        assertThat(caller.getName()).isEqualTo("oidc:anna");
        assertThat(caller.authorities().groups()).containsExactly(ApiGroup.AUDITOR);
        assertThat(sessions(Optional.empty()).find(session)).isEmpty();
        var changed = new OpenIdSettings(
                ISSUER, "countersign", "secret", "openid", "sub", "groups", Map.of(ApiGroup.AUDITOR, Set.of("b")));
        assertThat(sessions(Optional.of(changed)).find(session)).isEmpty();
    }

    private ConsoleSessions sessions(Optional<OpenIdSettings> openId) {
        var settings = new ConsoleSettings(ROLES, Duration.ofMinutes(15), List.of(), false, openId, Optional.empty());
        return new ConsoleSessions(
                context.database().statements(),
                new SignIn(settings, context.audit(), clock, TestContext.ENTROPY),
                settings,
                context.audit(),
                clock,
                TestContext.ENTROPY);
    }
}
