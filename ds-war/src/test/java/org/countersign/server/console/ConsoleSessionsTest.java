package org.countersign.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.TestContext;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Peer;
import org.countersign.server.time.MovableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions of the console in a real database: when they end. */
class ConsoleSessionsTest {

    private static final Set<ApiGroup> ROLES = Set.of(ApiGroup.OPERATOR, ApiGroup.AUDITOR, ApiGroup.SUPPORT);

    private static final Duration IDLE = Duration.ofMinutes(15);
    private static final SecretHash HASHES = new SecretHash(new Argon2Cost(8, 1), TestContext.ENTROPY);
    private static final Peer ELSEWHERE = new Peer(false);
    private static final ConsoleUser ANNA =
            new ConsoleUser("anna", HASHES.hash("of anna"), Set.of(ApiGroup.OPERATOR), false);

    private static TestContext context;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final ConsoleSessions sessions = sessions(List.of(ANNA));

    @BeforeAll
    static void start() throws IOException {
        context = new TestContext();
    }

    @AfterAll
    static void stop() throws IOException {
        context.close();
    }

    /** As a node has them whose file names these users. */
    private ConsoleSessions sessions(List<ConsoleUser> users) {
        return sessions(new ConsoleSettings(ROLES, IDLE, users, false, Optional.empty(), Optional.empty()));
    }

    private ConsoleSessions sessions(ConsoleSettings settings) {
        return new ConsoleSessions(
                context.database().statements(),
                new SignIn(settings, context.audit(), clock, TestContext.ENTROPY),
                settings,
                context.audit(),
                clock,
                TestContext.ENTROPY);
    }

    @Test
    void a_session_ends_when_it_is_not_used() {
        var session = sessions.begin(Person.of(ANNA));
        for (int i = 0; i < 3; i++) {
            clock.advance(IDLE.minusSeconds(1));
            assertThat(sessions.find(session)).isPresent();
        }
        clock.advance(IDLE);
        assertThat(sessions.find(session)).isEmpty();
    }

    @Test
    void a_session_ends_after_half_a_day_however_busy_it_is() {
        var session = sessions.begin(Person.of(ANNA));
        for (int i = 0; i < 71; i++) {
            clock.advance(Duration.ofMinutes(10));
            assertThat(sessions.find(session)).isPresent();
        }
        clock.advance(Duration.ofMinutes(10));
        assertThat(sessions.find(session)).isEmpty();
    }

    @Test
    void a_session_is_known_to_every_node_and_ended_on_all_of_them() {
        var other = sessions(List.of(ANNA));
        var session = sessions.begin(Person.of(ANNA));
        assertThat(other.find(session)).isPresent();
        other.end(session);
        assertThat(sessions.find(session)).isEmpty();
    }

    @Test
    void who_is_gone_or_has_another_password_has_no_session_any_more() {
        var session = sessions.begin(Person.of(ANNA));
        assertThat(sessions(List.of()).find(session)).isEmpty();
        var changed = new ConsoleUser("anna", HASHES.hash("another one"), Set.of(ApiGroup.OPERATOR), false);
        assertThat(sessions(List.of(changed)).find(session)).isEmpty();
        assertThat(sessions.find(session)).isPresent();
    }

    @Test
    void roles_are_those_that_the_file_has_now() {
        var session = sessions.begin(Person.of(ANNA));
        var changed = new ConsoleUser("anna", ANNA.passwordHash(), Set.of(ApiGroup.AUDITOR), false);
        var caller = sessions(List.of(changed))
                .caller(session, Optional.empty(), ELSEWHERE)
                .orElseThrow();
        assertThat(caller.getName()).isEqualTo("user:anna");
        assertThat(caller.authorities().groups()).containsExactly(ApiGroup.AUDITOR);
    }

    @Test
    void a_change_needs_the_proof_of_this_very_session() {
        var session = sessions.begin(Person.of(ANNA));
        var other = sessions.begin(Person.of(ANNA));
        assertThat(sessions.caller(session, Optional.of(ConsoleSessions.proof(session)), ELSEWHERE))
                .isPresent();
        for (var wrong : List.of("", ConsoleSessions.proof(other), session)) {
            assertThatThrownBy(() -> sessions.caller(session, Optional.of(wrong), ELSEWHERE))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("X-CSRF-Token");
        }
    }

    @Test
    void what_has_ended_is_forgotten() {
        sessions.begin(Person.of(ANNA));
        clock.advance(IDLE.plusSeconds(1));
        var live = sessions.begin(Person.of(ANNA));
        sessions.purge();
        assertThat(context.database()
                        .statements()
                        .all("select 1 from console_session", statement -> {}, row -> row.getInt(1)))
                .hasSize(1);
        assertThat(sessions.find(live)).isPresent();
        sessions.end(live);
    }

    @Test
    void a_wrong_password_is_refused_for_everybody_alike() {
        var signIn = signIn();
        assertThat(signIn.signIn("anna", "of anna", "192.0.2.1", ELSEWHERE)).isEqualTo(Person.of(ANNA));
        for (var name : List.of("anna", "berta", "", "x".repeat(1000))) {
            assertThatThrownBy(() -> signIn.signIn(name, "wrong", "192.0.2.1", ELSEWHERE))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("access_denied: The user name or the password is wrong");
        }
    }

    @Test
    void guesses_from_one_network_are_slowed_down_whatever_the_names() {
        var signIn = signIn();
        for (int i = 0; i < 30; i++) {
            var name = "name" + i;
            assertThatThrownBy(() -> signIn.signIn(name, "wrong", "192.0.2.1", ELSEWHERE))
                    .hasMessageStartingWith("access_denied");
        }
        assertThatThrownBy(() -> signIn.signIn("anna", "of anna", "192.0.2.1", ELSEWHERE))
                .hasMessageStartingWith("slow_down");
        signIn.signIn("anna", "of anna", "192.0.2.2", ELSEWHERE);
        clock.advance(Duration.ofMinutes(5));
        signIn.signIn("anna", "of anna", "192.0.2.1", ELSEWHERE);
    }

    @Test
    void who_signed_in_by_the_server_has_no_session_when_the_file_does_not_want_that_any_more() {
        var wanted = sessions(new ConsoleSettings(ROLES, IDLE, List.of(), true, Optional.empty(), Optional.empty()));
        var session = wanted.begin(new Person(Person.Source.SERVER, "berta", Set.of(ApiGroup.SUPPORT), false));
        var caller = wanted.caller(session, Optional.empty(), ELSEWHERE).orElseThrow();
        assertThat(caller.getName()).isEqualTo("server:berta");
        assertThat(caller.authorities().groups()).containsExactly(ApiGroup.SUPPORT);
        assertThat(sessions.find(session)).isEmpty();
    }

    private SignIn signIn() {
        return new SignIn(
                new ConsoleSettings(ROLES, IDLE, List.of(ANNA), false, Optional.empty(), Optional.empty()),
                context.audit(),
                clock,
                TestContext.ENTROPY);
    }
}
