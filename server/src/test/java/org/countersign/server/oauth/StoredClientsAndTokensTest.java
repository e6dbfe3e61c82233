package org.countersign.server.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.oauth2.Scope;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.audit.AnchorKey;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.audit.AuditSettings;
import org.countersign.server.audit.FileAnchor;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.persistence.Database;
import org.countersign.server.persistence.DatabaseSettings;
import org.countersign.server.web.Form;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredClientsAndTokensTest {

    private static final Set<String> TENANTS = Set.of("acme", "beta");
    private static final Entropy ENTROPY = Entropy.system();
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static EmbeddedPostgres postgres;
    private static Database database;

    @TempDir
    Path folder;

    private final OAuthClients clients = new OAuthClients(
            database.sessions(),
            new ClientSecrets(new SecretHash(new Argon2Cost(8, 1), ENTROPY), ENTROPY),
            at(NOW),
            TENANTS);

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        var settings =
                new DatabaseSettings(Optional.empty(), postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", 4);
        // Two nodes on an empty database, at the same moment.
        var barrier = new CyclicBarrier(2);
        Callable<Database> node = () -> {
            barrier.await();
            return Database.open(settings, List.of("server"), List.of(OAuthClient.class, AccessToken.class));
        };
        var executor = Executors.newFixedThreadPool(2);
        try {
            var nodes = new ArrayList<Database>();
            for (var opened : executor.invokeAll(List.of(node, node))) {
                nodes.add(opened.get());
            }
            nodes.get(1).close();
            database = nodes.get(0);
        } finally {
            executor.shutdown();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
        postgres.close();
    }

    private static Clock at(Instant time) {
        return Clock.fixed(time, ZoneOffset.UTC);
    }

    private static AccessTokens tokensAt(Instant time) {
        return new AccessTokens(database, ENTROPY, at(time), TENANTS);
    }

    private static ClientRegistration registration(String id, String authorities, boolean demonstration) {
        return new ClientRegistration(
                id,
                "client_credentials",
                Duration.ofSeconds(3600),
                Authorities.parse(authorities, TENANTS, problem -> {}).orElseThrow(),
                demonstration);
    }

    private OAuthClient added(String id) {
        assertThat(clients.add(
                        registration(id, "trustLevel:trustedClient,apiGroup:signer,tenantName:acme", false),
                        "secret of " + id))
                .isTrue();
        return clients.find(id).orElseThrow();
    }

    @Test
    void two_nodes_that_start_at_once_migrate_once() throws Exception {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select version, count(*) from schema_history_server where success and version is not null"
                                + " group by version")) {
            int versions = 0;
            while (rows.next()) {
                assertThat(rows.getInt(2)).as(rows.getString(1)).isEqualTo(1);
                versions++;
            }
            assertThat(versions).isGreaterThanOrEqualTo(3);
        }
        assertThat(database.isReachable()).isTrue();
    }

    @Test
    void a_token_is_found_by_its_hash_alone_and_stands_for_client_and_seat() throws Exception {
        var token = tokensAt(NOW).issue(added("holder"), Scope.parse("seat:jdoe@acme"), Duration.ofSeconds(60));
        var caller = tokensAt(NOW).authenticate(token, new Peer(false));
        assertThat(caller.clientId()).isEqualTo("holder");
        assertThat(caller.requireSeat()).isEqualTo(new SeatName("jdoe", "acme"));
        assertThatThrownBy(() -> tokensAt(NOW).require(token + "x", OAuth2Error.INVALID_TOKEN))
                .hasMessage("invalid_token: Token was not recognized");
        try (var connection = database.dataSource().getConnection();
                var statement = connection.prepareStatement(
                        "select count(*) from access_token t where t::text like '%' || ? || '%'")) {
            statement.setString(1, token);
            var rows = statement.executeQuery();
            rows.next();
            assertThat(rows.getInt(1)).isZero();
        }
    }

    @Test
    void a_token_expires_to_the_second_and_is_remembered_as_expired_for_a_day() {
        var token = tokensAt(NOW).issue(added("expiring"), Scope.parse(null), Duration.ofSeconds(60));
        tokensAt(NOW.plusSeconds(59)).require(token, OAuth2Error.INVALID_TOKEN);
        assertThatThrownBy(() -> tokensAt(NOW.plusSeconds(60)).require(token, OAuth2Error.UNRECOGNIZED_TOKEN))
                .hasMessage("invalid_token: Token has expired");
        tokensAt(NOW.plus(Duration.ofHours(23))).purge();
        assertThatThrownBy(() -> tokensAt(NOW.plusSeconds(60)).require(token, OAuth2Error.INVALID_TOKEN))
                .hasMessageContaining("expired");
        tokensAt(NOW.plus(Duration.ofHours(26))).purge();
        assertThatThrownBy(() -> tokensAt(NOW.plusSeconds(60)).require(token, OAuth2Error.INVALID_TOKEN))
                .hasMessageContaining("not recognized");
    }

    @Test
    void a_token_is_revoked_by_its_own_client_once_and_is_then_unknown() {
        var token = tokensAt(NOW).issue(added("revoking"), Scope.parse(null), Duration.ofSeconds(60));
        assertThat(tokensAt(NOW).revoke(token, "another")).isFalse();
        assertThat(tokensAt(NOW).findActive(token, "another")).isEmpty();
        assertThat(tokensAt(NOW).findActive(token, "revoking")).isPresent();
        assertThat(tokensAt(NOW).revoke(token, "revoking")).isTrue();
        assertThat(tokensAt(NOW).revoke(token, "revoking")).isFalse();
        assertThat(tokensAt(NOW).findActive(token, "revoking")).isEmpty();
        assertThatThrownBy(() -> tokensAt(NOW).require(token, OAuth2Error.INVALID_TOKEN))
                .hasMessageContaining("not recognized");
    }

    @Test
    void a_demonstration_clients_token_is_refused_from_elsewhere() {
        clients.add(registration("demo", "trustLevel:trustedClient", true), "demo_password");
        var token = tokensAt(NOW).issue(clients.find("demo").orElseThrow(), Scope.parse(null), Duration.ofSeconds(60));
        tokensAt(NOW).authenticate(token, new Peer(true));
        assertThatThrownBy(() -> tokensAt(NOW).authenticate(token, new Peer(false)))
                .hasMessageContaining("access_denied");
    }

    @Test
    void replacing_a_demonstration_client_does_not_open_it_to_the_world() {
        clients.add(registration("demo2", "trustLevel:trustedClient", true), "demo_password");
        assertThat(clients.replace(
                        registration("demo2", "trustLevel:trustedClient,apiGroup:lister", false), Optional.empty()))
                .isTrue();
        assertThat(clients.find("demo2").orElseThrow().isDemonstration()).isTrue();
    }

    @Test
    void a_client_shows_its_secret_and_nobody_learns_whether_it_exists() {
        added("known");
        assertThat(clients.authenticate("known", "secret of known").clientId()).isEqualTo("known");
        for (var wrong : List.of("known", "unknown")) {
            assertThatThrownBy(() -> clients.authenticate(wrong, "wrong"))
                    .hasMessage("invalid_client: Bad client credentials");
        }
        assertThat(clients.find("known").orElseThrow().secretHash()).startsWith("$argon2id$");
    }

    @Test
    void a_client_is_added_once_replaced_and_removed_with_its_tokens() {
        var client = added("once");
        var token = tokensAt(NOW).issue(client, Scope.parse(null), Duration.ofSeconds(60));
        assertThat(clients.add(registration("once", "trustLevel:trustedClient", false), "other"))
                .isFalse();
        assertThat(clients.replace(registration("once", "trustLevel:trustedClient", false), Optional.of("new secret")))
                .isTrue();
        assertThat(clients.authenticate("once", "new secret")
                        .authorities(TENANTS)
                        .groups())
                .isEmpty();
        assertThatThrownBy(() -> clients.authenticate("once", "secret of once")).hasMessageContaining("invalid_client");
        assertThat(clients.remove("once")).isTrue();
        assertThat(clients.remove("once")).isFalse();
        assertThat(clients.replace(registration("once", "trustLevel:trustedClient", false), Optional.empty()))
                .isFalse();
        assertThatThrownBy(() -> tokensAt(NOW).require(token, OAuth2Error.INVALID_TOKEN))
                .hasMessageContaining("not recognized");
    }

    @Test
    void a_tenant_that_left_the_configuration_left_its_clients() {
        clients.add(registration("spanning", "trustLevel:trustedClient,tenantName:acme,tenantName:beta", false), "xx");
        assertThat(clients.find("spanning")
                        .orElseThrow()
                        .authorities(Set.of("acme"))
                        .tenants())
                .containsExactly("acme");
    }

    @Test
    void who_administrated_a_tenant_that_is_gone_does_not_administrate_the_others() {
        clients.add(registration("bound", "trustLevel:trustedClient,apiGroup:oAuthAdmin,tenantName:acme", false), "xx");
        clients.add(registration("unbound", "trustLevel:trustedClient,apiGroup:oAuthAdmin", false), "xx");
        for (var tenants : List.of(Set.of("acme"), Set.of("acme", "beta"))) {
            assertThat(clients.find("bound").orElseThrow().authorities(tenants).groups())
                    .containsExactly(ApiGroup.OAUTH_ADMIN);
        }
        assertThat(clients.find("bound")
                        .orElseThrow()
                        .authorities(Set.of("beta"))
                        .groups())
                .isEmpty();
        assertThat(clients.find("unbound")
                        .orElseThrow()
                        .authorities(Set.of("beta"))
                        .groups())
                .containsExactly(ApiGroup.OAUTH_ADMIN);
    }

    @Test
    void versions_that_know_no_tokens_for_agents_see_a_client_without_them() {
        var before = "trustLevel:trustedClient,apiGroup:lister,tenantName:acme";
        var all =
                "trustLevel:trustedClient,apiGroup:lister,apiGroup:connector,tenantName:acme,origin:https://a.example";
        clients.add(registration("connecting", all, false), "xx");

        assertThat(stored("connecting")).isEqualTo(before);
        assertThat(authoritiesOf("connecting")).isEqualTo(all);
        // One of them writes the same again, and then others.
        store("connecting", before);
        assertThat(authoritiesOf("connecting")).isEqualTo(all);
        store("connecting", "trustLevel:trustedClient,tenantName:acme");
        assertThat(authoritiesOf("connecting")).isEqualTo("trustLevel:trustedClient,tenantName:acme");
        clients.replace(registration("connecting", all, false), Optional.empty());
        assertThat(authoritiesOf("connecting")).isEqualTo(all);
        clients.replace(registration("connecting", before, false), Optional.empty());
        assertThat(authoritiesOf("connecting")).isEqualTo(before);
    }

    @Test
    void versions_that_know_no_groups_see_a_client_without_the_tenants_it_has_groups_of() {
        var before = "trustLevel:trustedClient,apiGroup:lister,tenantName:beta";
        var all = "trustLevel:trustedClient,apiGroup:lister,apiGroup:connector,tenantName:acme,tenantName:beta,"
                + "groupName:legal@acme,groupName:sales@acme,origin:https://a.example";
        clients.add(registration("kept", all, false), "xx");

        assertThat(stored("kept")).isEqualTo(before);
        assertThat(authoritiesOf("kept")).isEqualTo(all);
        assertThat(clients.find("kept")
                        .orElseThrow()
                        .authorities(Set.of("beta"))
                        .toString())
                .isEqualTo("trustLevel:trustedClient,apiGroup:lister,apiGroup:connector,tenantName:beta,"
                        + "origin:https://a.example");
        // One of them takes something away: nothing comes back.
        store("kept", "trustLevel:trustedClient,tenantName:beta");
        assertThat(authoritiesOf("kept")).isEqualTo("trustLevel:trustedClient,tenantName:beta");
        clients.replace(registration("kept", all, false), Optional.empty());
        assertThat(authoritiesOf("kept")).isEqualTo(all);
        clients.replace(registration("kept", before, false), Optional.empty());
        assertThat(authoritiesOf("kept")).isEqualTo(before);
    }

    /** As it is found, and as a token of it is answered. */
    private String authoritiesOf(String clientId) {
        var client = clients.find(clientId).orElseThrow();
        var tokens = tokensAt(NOW);
        var token = tokens.issue(client, Scope.parse(null), Duration.ofSeconds(60));
        var found = tokens.findActive(token, clientId).orElseThrow();
        assertThat(tokens.caller(found).authorities()).isEqualTo(client.authorities(TENANTS));
        return client.authorities(TENANTS).toString();
    }

    private static String stored(String clientId) {
        return database.statements()
                .first(
                        "select authorities from oauth_client where client_id = ?",
                        statement -> statement.setString(1, clientId),
                        row -> row.getString(1))
                .orElseThrow();
    }

    private static void store(String clientId, String authorities) {
        database.statements().update("update oauth_client set authorities = ? where client_id = ?", statement -> {
            statement.setString(1, authorities);
            statement.setString(2, clientId);
        });
    }

    @Test
    void an_untrusted_clients_token_lives_a_minute_at_most() {
        clients.add(registration("untrusted", "trustLevel:untrustedClient,apiGroup:signer", false), "xx");
        var client = clients.find("untrusted").orElseThrow();
        assertThat(client.tokenLifetime(client.authorities(TENANTS))).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void revocation_is_answered_200_for_any_token() throws Exception {
        added("answering");
        var key = AnchorKey.derive(new byte[32]);
        try (var audit = AuditLog.start(
                AuditSettings.of("node", "test"),
                database.reserved(),
                FileAnchor.open(folder, key.publicKey()),
                key,
                Clock.systemUTC(),
                ENTROPY)) {
            var resource = new OAuthResource(
                    clients,
                    tokensAt(NOW),
                    SeatGroups.NONE,
                    new TokenGrants(clients, tokensAt(NOW), database, SeatGroups.NONE, ENTROPY, at(NOW), audit),
                    audit,
                    ForeignClients.NONE,
                    AudienceTokens.NONE);
            var form = new Form(
                    Map.of("client_id", "answering", "client_secret", "secret of answering", "token", "unknown"));
            assertThat(resource.revoke(null, PeerTest.request("10.0.0.1", Map.of()), form)
                            .getStatus())
                    .isEqualTo(200);
        }
    }
}
