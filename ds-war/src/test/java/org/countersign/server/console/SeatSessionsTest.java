package org.countersign.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.GroupName;
import org.countersign.core.oauth2.SeatName;
import org.countersign.ds.TestContext;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.oauth.Caller;
import org.countersign.server.oauth.ClientRegistration;
import org.countersign.server.oauth.ClientSecrets;
import org.countersign.server.oauth.OAuthClients;
import org.countersign.server.oauth.Peer;
import org.countersign.server.oauth.SeatGroups;
import org.countersign.server.openid.OpenIdSettings;
import org.countersign.server.time.MovableClock;
import org.countersign.server.web.Page;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions of people who are seats. */
class SeatSessionsTest {

    private static final Set<ApiGroup> ROLES = Set.of(ApiGroup.SIGNER, ApiGroup.LISTER, ApiGroup.GENERATOR);
    private static final SecretHash HASHES = new SecretHash(new Argon2Cost(1_024, 1), TestContext.ENTROPY);
    private static final Peer HERE = new Peer(true);
    private static final Peer ELSEWHERE = new Peer(false);
    private static final ConsoleUser JDOE = user("jdoe", Set.of(ApiGroup.SIGNER, ApiGroup.LISTER), false);
    private static final TenantSeats SEATS = new TenantSeats("acme", "client");

    /** Who is in the group {@code sales}, and nobody else in any. */
    private static final SeatGroups GROUPS =
            (seat, names) -> seat.seat().startsWith("sales-") && names.contains("sales");

    private static TestContext context;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final OAuthClients clients = new OAuthClients(
            context.database().sessions(),
            new ClientSecrets(HASHES, TestContext.ENTROPY),
            clock,
            Set.of("acme", "other"));

    @BeforeAll
    static void start() throws IOException {
        context = new TestContext();
    }

    @AfterAll
    static void stop() throws IOException {
        context.close();
    }

    private static ConsoleUser user(String name, Set<ApiGroup> roles, boolean demonstration) {
        return new ConsoleUser(name, HASHES.hash("of " + name), roles, demonstration);
    }

    private static ConsoleSettings settings(TenantSeats seats, Optional<OpenIdSettings> openId, ConsoleUser... users) {
        return new ConsoleSettings(ROLES, Duration.ofMinutes(15), List.of(users), false, openId, Optional.of(seats));
    }

    private SignIn signIn(ConsoleUser... users) {
        return new SignIn(settings(SEATS, Optional.empty(), users), context.audit(), clock, TestContext.ENTROPY);
    }

    private ConsoleSessions people(ConsoleUser... users) {
        return people(settings(SEATS, Optional.empty(), users));
    }

    private ConsoleSessions people(ConsoleSettings settings) {
        return new ConsoleSessions(
                context.database().statements(),
                new SignIn(settings, context.audit(), clock, TestContext.ENTROPY),
                settings,
                context.audit(),
                clock,
                TestContext.ENTROPY);
    }

    /** @return the new client's identifier */
    private String client(Authorities authorities, boolean demonstration) {
        var id = "client-" + UUID.randomUUID();
        clients.add(
                new ClientRegistration(id, "client_credentials", Duration.ofMinutes(5), authorities, demonstration),
                "secret");
        return id;
    }

    private SeatPeople seats(String clientId) {
        return new SeatPeople(clients, GROUPS, new TenantSeats("acme", clientId));
    }

    /** @return the reason in the audit log, if signing in is refused */
    private Optional<String> refusal(ConsoleUser user, String clientId, Peer peer) {
        var settings = settings(new TenantSeats("acme", clientId), Optional.empty(), user);
        var signIn = new SignIn(settings, seats(clientId), context.audit(), clock, TestContext.ENTROPY);
        try {
            signIn.signIn(user.name(), "of " + user.name(), "192.0.2.1", peer);
            return Optional.empty();
        } catch (ProtocolException refused) {
            assertThat(refused.code()).isEqualTo(OAuth2Error.ACCESS_DENIED);
            var entry = new AuditTrail(context.database().statements())
                    .ofSeat(new SeatName(user.name(), "acme"), Page.of(0, 1))
                    .get(0);
            assertThat(entry.type()).isEqualTo("holder.sign-in-refused");
            return Optional.of(entry.details().get("reason"));
        }
    }

    private static Authorities authorities(Set<ApiGroup> groups, String... tenants) {
        return new Authorities(true, groups, Set.of(tenants), Set.of());
    }

    private Optional<Caller> caller(ConsoleUser user, String clientId, Peer peer) {
        var people = people(user);
        return new SeatSessions(people, seats(clientId)).caller(people.begin(Person.of(user)), Optional.empty(), peer);
    }

    private void assertRefused(ConsoleUser user, String clientId, Peer peer) {
        assertThatThrownBy(() -> caller(user, clientId, peer)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void a_session_is_the_client_for_one_seat_of_one_tenant() {
        var client = client(authorities(Set.of(ApiGroup.SIGNER, ApiGroup.LISTER), "acme", "other"), false);
        var caller = caller(JDOE, client, ELSEWHERE).orElseThrow();
        assertThat(caller.clientId()).isEqualTo(client);
        assertThat(caller.seat()).contains(new SeatName("jdoe", "acme"));
        assertThat(caller.authorities().tenants()).containsExactly("acme");
        assertThat(caller.authorities().trusted()).isFalse();
    }

    @Test
    void a_session_is_kept_to_the_groups_that_the_client_is_kept_to() {
        var client = client(
                new Authorities(
                        true,
                        Set.of(ApiGroup.SIGNER),
                        Set.of("acme", "other"),
                        Set.of(new GroupName("sales", "acme"), new GroupName("theirs", "other")),
                        Set.of()),
                false);
        assertThat(caller(JDOE, client, ELSEWHERE).orElseThrow().authorities().seatGroups())
                .containsExactly(new GroupName("sales", "acme"));
    }

    @Test
    void wrong_factors_are_counted_for_the_seat_and_not_for_the_client_that_others_share() {
        var client = client(authorities(ROLES, "acme"), false);
        var counted = caller(JDOE, client, ELSEWHERE).orElseThrow().countedAs();
        var others = caller(user("mroe", ROLES, false), client, ELSEWHERE)
                .orElseThrow()
                .countedAs();
        assertThat(counted).isNotEqualTo(client).isNotEqualTo(others).hasSizeLessThan(128);
        assertThat(caller(JDOE, client, ELSEWHERE).orElseThrow().countedAs()).isEqualTo(counted);
    }

    @Test
    void it_may_do_what_both_the_person_and_the_client_may() {
        var client = client(authorities(Set.of(ApiGroup.SIGNER, ApiGroup.GENERATOR), "acme"), false);
        assertThat(caller(JDOE, client, ELSEWHERE).orElseThrow().authorities().groups())
                .containsExactly(ApiGroup.SIGNER);
        var others = client(authorities(Set.of(ApiGroup.GENERATOR), "acme"), false);
        assertThat(caller(JDOE, others, ELSEWHERE).orElseThrow().authorities().groups())
                .isEmpty();
    }

    @Test
    void what_the_client_loses_every_session_loses() {
        var client = client(authorities(ROLES, "acme"), false);
        var people = people(JDOE);
        var sessions = new SeatSessions(people, seats(client));
        var session = people.begin(Person.of(JDOE));
        assertThat(sessions.caller(session, Optional.empty(), ELSEWHERE)).isPresent();
        clients.replace(
                new ClientRegistration(
                        client, "client_credentials", Duration.ofMinutes(5), authorities(ROLES, "other"), false),
                Optional.empty());
        assertThatThrownBy(() -> sessions.caller(session, Optional.empty(), ELSEWHERE))
                .isInstanceOf(ProtocolException.class);
        clients.remove(client);
        assertThatThrownBy(() -> sessions.caller(session, Optional.empty(), ELSEWHERE))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void demonstrations_are_for_this_machine_alone() {
        var demonstrating = client(authorities(ROLES, "acme"), true);
        assertThat(caller(JDOE, demonstrating, HERE)).isPresent();
        assertRefused(JDOE, demonstrating, ELSEWHERE);
        var client = client(authorities(ROLES, "acme"), false);
        var demonstrator = user("demonstrator", ROLES, true);
        assertThat(caller(demonstrator, client, HERE)).isPresent();
        assertRefused(demonstrator, client, ELSEWHERE);
    }

    @Test
    void a_name_that_ends_like_the_tenant_is_nobodys() {
        var client = client(authorities(ROLES, "acme"), false);
        assertRefused(user("jdoe@acme", ROLES, false), client, HERE);
        assertThat(caller(user("jdoe@acme.example", ROLES, false), client, HERE)
                        .orElseThrow()
                        .seat())
                .contains(new SeatName("jdoe@acme.example", "acme"));
    }

    /** Else who is signed in would become the seat of the same name there. */
    @Test
    void a_session_ends_with_the_tenant_or_the_client_that_it_was_begun_for() {
        var openId = Optional.of(new OpenIdSettings(
                "https://op.example.com",
                "countersign",
                "secret",
                "openid",
                "sub",
                "groups",
                Map.of(ApiGroup.LISTER, Set.of("staff"))));
        var known = people(JDOE).begin(Person.of(JDOE));
        var foreign = people(settings(SEATS, openId))
                .begin(new Person(Person.Source.OPEN_ID, "jdoe", Set.of(ApiGroup.LISTER), false));
        assertThat(people(JDOE).find(known)).isPresent();
        assertThat(people(settings(SEATS, openId)).find(foreign)).isPresent();
        for (var others : List.of(new TenantSeats("other", "client"), new TenantSeats("acme", "another"))) {
            assertThat(people(settings(others, Optional.empty(), JDOE)).find(known))
                    .as("%s", others)
                    .isEmpty();
            assertThat(people(settings(others, openId)).find(foreign))
                    .as("%s", others)
                    .isEmpty();
        }
    }

    @Test
    void who_has_nothing_to_do_here_is_told_when_signing_in() {
        var client = client(authorities(Set.of(ApiGroup.SIGNER, ApiGroup.LISTER), "acme"), false);
        assertThat(refusal(someone("", Set.of(ApiGroup.SIGNER)), client, ELSEWHERE))
                .isEmpty();
        // What the person may the client may not.
        assertThat(refusal(someone("", Set.of(ApiGroup.GENERATOR)), client, ELSEWHERE))
                .contains("seat");
        assertThat(refusal(user("u" + UUID.randomUUID() + "@acme", ROLES, false), client, ELSEWHERE))
                .contains("seat");
        assertThat(refusal(someone("", ROLES), client(authorities(ROLES, "other"), false), ELSEWHERE))
                .contains("seat");
        assertThat(refusal(someone("", ROLES), "no-client", ELSEWHERE)).contains("seat");
        var demonstrating = client(authorities(ROLES, "acme"), true);
        assertThat(refusal(someone("", ROLES), demonstrating, HERE)).isEmpty();
        assertThat(refusal(someone("", ROLES), demonstrating, ELSEWHERE)).contains("seat");
    }

    /** Else a company behind one address would be kept out by those of it who have no seat. */
    @Test
    void a_right_password_that_is_refused_for_the_seat_is_no_guess() {
        var client = client(authorities(Set.of(ApiGroup.SIGNER), "acme"), false);
        var users = new ArrayList<ConsoleUser>();
        for (int i = 0; i < 30; i++) {
            users.add(someone("", Set.of(ApiGroup.GENERATOR)));
        }
        var settings = settings(
                new TenantSeats("acme", client),
                Optional.empty(),
                Stream.concat(users.stream(), Stream.of(JDOE)).toArray(ConsoleUser[]::new));
        var signIn = new SignIn(settings, seats(client), context.audit(), clock, TestContext.ENTROPY);
        for (var user : users) {
            assertThatThrownBy(() -> signIn.signIn(user.name(), "of " + user.name(), "192.0.2.1", ELSEWHERE))
                    .hasMessageStartingWith("access_denied");
        }
        assertThat(signIn.signIn("jdoe", "of jdoe", "192.0.2.1", ELSEWHERE).name())
                .isEqualTo("jdoe");
    }

    @Test
    void who_is_in_none_of_the_clients_groups_is_told_when_signing_in() {
        var client = client(
                new Authorities(
                        true,
                        Set.of(ApiGroup.SIGNER),
                        Set.of("acme", "other"),
                        Set.of(new GroupName("sales", "acme"), new GroupName("theirs", "other")),
                        Set.of()),
                false);
        assertThat(refusal(someone("sales-", ROLES), client, ELSEWHERE)).isEmpty();
        assertThat(refusal(someone("", ROLES), client, ELSEWHERE)).contains("seat");
        var ofOthers = client(
                new Authorities(
                        true,
                        Set.of(ApiGroup.SIGNER),
                        Set.of("acme", "other"),
                        Set.of(new GroupName("theirs", "other")),
                        Set.of()),
                false);
        assertThat(refusal(someone("", ROLES), ofOthers, ELSEWHERE)).isEmpty();
    }

    /** Who is known to nobody else here. */
    private static ConsoleUser someone(String beginning, Set<ApiGroup> roles) {
        return user(beginning + "u" + UUID.randomUUID(), roles, false);
    }

    @Test
    void a_seats_trail_has_no_lists_of_hashes() {
        var name = "u" + UUID.randomUUID();
        var hashes = "\"\\\u0000".repeat(10_000);
        context.audit()
                .append(AuditEvent.success("hashes.signed")
                        .tenant("acme")
                        .seat(name)
                        .detail("hashes", hashes)
                        .detail("signAlgo", "a\"\\b"));
        context.audit()
                .append(AuditEvent.success("hashes.signed")
                        .tenant("acme")
                        .seat(name)
                        .detail("hashes", hashes));
        var trail = new AuditTrail(context.database().statements());
        assertThat(trail.ofSeat(new SeatName(name, "acme"), Page.of(0, 10)))
                .extracting(AuditTrail.Entry::details)
                .containsExactlyInAnyOrder(Map.of("signAlgo", "a\"\\b"), Map.of());
    }

    @Test
    void a_change_needs_the_proof_of_the_session() {
        var client = client(authorities(ROLES, "acme"), false);
        var people = people(JDOE);
        var sessions = new SeatSessions(people, seats(client));
        var session = people.begin(Person.of(JDOE));
        assertThat(sessions.caller(session, Optional.of(ConsoleSessions.proof(session)), HERE))
                .isPresent();
        assertThatThrownBy(() -> sessions.caller(session, Optional.of(""), HERE))
                .hasMessageContaining("X-CSRF-Token");
        assertThat(sessions.caller(TestContext.ENTROPY.token(), Optional.empty(), HERE))
                .isEmpty();
    }

    /** And nobody else's, in no other tenant. */
    @Test
    void a_seats_trail_has_its_sign_ins() {
        var name = "u" + UUID.randomUUID();
        var person = user(name, ROLES, false);
        var people = people(person);
        people.end(people.begin(Person.of(person)));
        var unknown = "u" + UUID.randomUUID();
        for (var tried : List.of(name, unknown)) {
            assertThatThrownBy(() -> signIn(person).signIn(tried, "wrong", "192.0.2.1", ELSEWHERE))
                    .isInstanceOf(ProtocolException.class);
        }
        var trail = new AuditTrail(context.database().statements());
        var entries = trail.ofSeat(new SeatName(name, "acme"), Page.of(0, 10));
        assertThat(entries)
                .extracting(AuditTrail.Entry::type)
                .containsExactlyInAnyOrder("holder.signed-out", "holder.sign-in-refused");
        assertThat(entries).extracting(AuditTrail.Entry::client).containsOnly("user:" + name);
        // What was typed for a name may be a password.
        assertThat(trail.ofSeat(new SeatName(unknown, "acme"), Page.of(0, 10))).isEmpty();
        assertThat(trail.ofSeat(new SeatName(name, "other"), Page.of(0, 10))).isEmpty();
        assertThat(trail.ofSeat(new SeatName("u", "acme"), Page.of(0, 10))).isEmpty();
    }
}
