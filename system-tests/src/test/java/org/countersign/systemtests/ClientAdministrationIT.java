package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the administrator does with OAuth clients. */
@ExtendWith(RunningServer.class)
class ClientAdministrationIT {

    private static final String SECRET = "a secret of a client";

    private final SignerApi globex;
    private final Caller administrator;

    ClientAdministrationIT(Platform platform) {
        this.globex = platform.globex();
        this.administrator = globex.asAdministrator();
    }

    @Test
    void aClientIsCreatedReadReplacedAndDeletedAndItsSecretIsNeverShown() {
        var created = administrator.createClient(client("life")).ok();
        assertThat(created.status()).isEqualTo(201);
        var read = administrator.client("life").ok();
        assertThat(read.body())
                .isEqualTo(created.body())
                .doesNotContain(SECRET)
                .doesNotContainIgnoringCase("secret")
                .doesNotContain("argon2");
        assertThat(read.json().path("accessTokenValidity").asInt()).isEqualTo(600);

        var change = client("life");
        change.remove("clientSecret");
        change.put("accessTokenValidity", 30);
        administrator.replaceClient("life", change).ok();
        assertThat(globex.token("life", SECRET, "")
                        .ok()
                        .json()
                        .path("expires_in")
                        .asInt())
                .as("the secret stays when none is sent")
                .isEqualTo(30);

        change.put("clientSecret", "another secret");
        administrator.replaceClient("life", change).ok();
        globex.token("life", SECRET, "").refused(401, "invalid_client", "Bad client credentials");
        globex.token("life", "another secret", "").ok();

        administrator.deleteClient("life").ok();
        administrator.client("life").refused(404, "not_found", "The client was not found");
        globex.token("life", "another secret", "").refused(401, "invalid_client", "Bad client credentials");
    }

    @Test
    void theTokensOfADeletedClientAreDeadAtOnceAndStayDeadWhenItsNameIsGivenAgain() {
        administrator.createClient(client("deleted")).ok();
        var caller = globex.as("deleted", SECRET, "seat:jdoe@globex");
        caller.list().ok();
        administrator.deleteClient("deleted").ok();

        caller.list().refused(401, "invalid_token", "Token was not recognized");
        administrator.createClient(client("deleted")).ok();
        caller.list().refused(401, "invalid_token", "Token was not recognized");
    }

    @Test
    void authoritiesTakenAwayAreTakenFromTheTokensThatAreOut() {
        administrator.createClient(client("shrinking")).ok();
        var caller = globex.as("shrinking", SECRET, "seat:jdoe@globex");
        caller.list().ok();
        var change = client("shrinking");
        change.put("authorities", "trustLevel:trustedClient,apiGroup:signer,tenantName:globex");
        administrator.replaceClient("shrinking", change).ok();

        caller.list().refused(403, "access_denied", "Access is denied");
    }

    @Test
    void clientsAreListedInPages() {
        for (String name : new String[] {"page-1", "page-2", "page-3"}) {
            administrator.createClient(client(name)).ok();
        }
        var first = administrator.get("/api/v1/oauth-clients?page=0&pageSize=2").ok();
        var second =
                administrator.get("/api/v1/oauth-clients?page=1&pageSize=2").ok();
        var all = administrator.clients().ok();

        assertThat(first.json()).hasSize(2);
        assertThat(second.json()).hasSize(2).doesNotContainAnyElementsOf(first.json());
        assertThat(StreamSupport.stream(all.json().spliterator(), false)
                        .map(client -> client.path("clientId").asText()))
                .isSorted()
                .contains("globex", "globex-page", "oAuthAdmin", "page-1", "page-2", "page-3");
        assertThat(all.body()).doesNotContainIgnoringCase("secret\"");
        for (String query : new String[] {"page=-1", "pageSize=0", "pageSize=1001", "page=2000000"}) {
            administrator
                    .get("/api/v1/oauth-clients?" + query)
                    .refused(400, "invalid_request", "page must be 0 or more, pageSize from 1 to 1000");
        }
        assertThat(administrator.get("/api/v1/oauth-clients?page=x").refusal().status())
                .isBetween(400, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trustLevel:untrustedClient,apiGroup:generator,tenantName:globex",
                "trustLevel:untrustedClient,apiGroup:oAuthAdmin",
                "trustLevel:untrustedClient,apiGroup:signer,tenantName:globex,tenantName:initech",
                "trustLevel:someClient,apiGroup:signer",
                "trustLevel:trustedClient,trustLevel:untrustedClient,apiGroup:signer",
                "apiGroup:signer",
                "trustLevel:trustedClient,apiGroup:everything",
                "trustLevel:trustedClient,apiGroup:signer,tenantName:nowhere",
                "trustLevel:trustedClient,root"
            })
    void authoritiesThatAClientCanNotHaveAreRefused(String authorities) {
        var client = client("refused");
        client.put("authorities", authorities);

        assertThat(administrator.createClient(client).refusal().status()).isEqualTo(400);
        administrator.client("refused").refused(404, "not_found", "The client was not found");
    }

    @Test
    void theNameInTheAddressAndInThePayloadMustNotDiffer() {
        administrator
                .replaceClient("globex", client("other"))
                .refused(400, "invalid_request", "ClientId differs from the address");
    }

    private static Map<String, Object> client(String clientId) {
        var client = new HashMap<String, Object>();
        client.put("clientId", clientId);
        client.put("clientSecret", SECRET);
        client.put("authorizedGrantTypes", "client_credentials");
        client.put("accessTokenValidity", 600);
        client.put("authorities", "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,tenantName:globex");
        return client;
    }
}
