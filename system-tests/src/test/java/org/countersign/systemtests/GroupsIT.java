package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.CscClient;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** People of one organisation who are kept apart: a client of one group learns nothing about those of another. */
@ExtendWith(RunningServer.class)
class GroupsIT {

    private static final String SECRET = "secret of globex";
    private static final String ALL =
            "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:globex";
    private static final String REFUSED = "Access is denied";

    private final Platform platform;
    private final SignerApi globex;
    private final Caller administrator;

    GroupsIT(Platform platform) {
        this.platform = platform;
        this.globex = platform.globex();
        this.administrator = globex.asAdministrator();
    }

    private String clientOf(String group) {
        administrator.createGroup("globex", group).ok();
        return platform.newClient("client-of-" + group, ALL + ",groupName:" + group + "@globex");
    }

    private static void denied(Answer answer) {
        answer.refused(403, "access_denied", REFUSED);
    }

    @Test
    void whoIsInTheGroupIsSetUpAndSignedForByItsClient() {
        var secret = clientOf("builders");
        administrator.putIntoGroup("globex", "builders", "in-builders").ok();

        var holder = new Enrolment(globex, "client-of-builders", secret, platform.authority())
                .tenant("globex")
                .enrol("in-builders");

        var caller = globex.as("client-of-builders", secret, "seat:in-builders@globex");
        assertThat(caller.list().ok().texts("credentialIds")).containsExactly(holder.credential());
        var hashes = holder.hashes("document");
        holder.sign(holder.sad(hashes), hashes).ok();
    }

    @Test
    void ofOthersItLearnsNothingWhetherTheyAreThereOrNot() {
        var secret = clientOf("keepers");
        administrator.createGroup("globex", "keepers-others").ok();
        platform.atGlobex().enrol("grouped-elsewhere");
        platform.atGlobex().enrol("in-no-group");
        administrator
                .putIntoGroup("globex", "keepers-others", "grouped-elsewhere", "entered-elsewhere")
                .ok();
        var generator = globex.as("client-of-keepers", secret, "");

        for (String seat : List.of("grouped-elsewhere", "entered-elsewhere", "in-no-group", "nobody")) {
            denied(globex.token("client-of-keepers", secret, "seat:" + seat + "@globex"));
            denied(generator.create("globex", seat, "pin", 1));
        }
        assertThat(certificatesOf(generator)).isEmpty();
        assertThat(generator.certificates(Map.of()).ok().json().get("total").asInt())
                .isZero();
        // And a client of the whole tenant has them all.
        assertThat(certificatesOf(globex.as("globex", SECRET, ""))).contains("grouped-elsewhere", "in-no-group");
    }

    @Test
    void listsHaveTheGroupsPeopleAndAllOfOtherTenants() {
        administrator.createGroup("globex", "listed").ok();
        var secret = platform.newClient(
                "client-of-listed",
                "trustLevel:trustedClient,apiGroup:lister,tenantName:globex,tenantName:initech,groupName:listed@globex");
        platform.atGlobex().enrol("listed");
        platform.atGlobex().enrol("not-listed");
        platform.atGlobex().tenant("initech").enrol("listed-of-initech");
        administrator.putIntoGroup("globex", "listed", "listed").ok();

        var listed = certificatesOf(globex.as("client-of-listed", secret, ""));

        assertThat(listed).contains("listed", "listed-of-initech").doesNotContain("not-listed");
    }

    @Test
    void whoLeavesTheGroupIsOutOfReachAtOnce() {
        var secret = clientOf("movers");
        administrator.createGroup("globex", "movers-next").ok();
        administrator.putIntoGroup("globex", "movers", "mover").ok();
        var generator = globex.as("client-of-movers", secret, "");
        var unfinished = generator.create("globex", "mover", "pin", 1).ok().text("credentialId");
        var holder = new Enrolment(globex, "client-of-movers", secret, platform.authority())
                .tenant("globex")
                .enrol("mover");
        var caller = holder.caller();
        var hashes = holder.hashes("document");
        var sad = holder.sad(hashes);

        administrator.putIntoGroup("globex", "movers-next", "mover").ok();

        denied(caller.list());
        denied(caller.info(holder.credential()));
        denied(caller.authorize(holder.credential(), hashes, Map.of("PIN", Enrolment.PIN)));
        denied(caller.sign(holder.credential(), sad, hashes, "SHA256WITHECDSA"));
        denied(caller.act(holder.credential(), "revoke", Map.of("PIN", Enrolment.PIN)));
        denied(caller.post("/csc/v1/credentials/list", Map.of()));
        denied(caller.post("/csc/v2/credentials/list", Map.of()));
        denied(caller.act(holder.credential(), "otp/send", Map.of()));
        denied(caller.post("/api/v1/credentials/authorize/check", Map.of("handle", "x")));
        globex.checkToken(caller.token()).refused(400, "invalid_token", "Token was not recognized");
        assertThat(globex.introspect("client-of-movers", secret, caller.token())
                        .ok()
                        .json()
                        .get("active")
                        .asBoolean())
                .isFalse();
        var missing = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
        assertThat(generator.setPin(unfinished, "123456").refusal().body())
                .isEqualTo(generator.setPin(missing, "123456").refusal().body());
        assertThat(generator.keyPair(unfinished, KeyKind.P_256).status()).isEqualTo(404);

        // Nothing was used up: back in the group it goes on.
        administrator.putIntoGroup("globex", "movers", "mover").ok();
        caller.sign(holder.credential(), sad, hashes, "SHA256WITHECDSA").ok();
        globex.checkToken(caller.token()).ok();
        generator.setPin(unfinished, "123456").ok();
    }

    @Test
    void whoIsRememberedIsForgottenOutsideTheGroup() {
        administrator.createGroup("globex", "remembered").ok();
        administrator.createGroup("globex", "remembered-next").ok();
        administrator.putIntoGroup("globex", "remembered", "rememberer").ok();
        administrator
                .createClient(Map.of(
                        "clientId",
                        "client-of-remembered",
                        "clientSecret",
                        "secret of remembered",
                        "authorizedGrantTypes",
                        "client_credentials",
                        "accessTokenValidity",
                        60,
                        "authorities",
                        ALL + ",groupName:remembered@globex",
                        "defaultScope",
                        "seat:rememberer@globex"))
                .ok();
        var csc = new CscClient(globex);
        var login = csc.login("client-of-remembered", "secret of remembered", "{\"rememberMe\":true}")
                .ok();
        var refresh = Map.of(
                "grant_type",
                "refresh_token",
                "refresh_token",
                login.text("refresh_token"),
                "client_id",
                "client-of-remembered",
                "client_secret",
                "secret of remembered");
        csc.form("oauth2/token", refresh).ok();

        administrator.putIntoGroup("globex", "remembered-next", "rememberer").ok();

        csc.form("oauth2/token", refresh).refused(400, "invalid_grant", "Invalid refresh_token");
        assertThat(csc.login("client-of-remembered", "secret of remembered", "{}")
                        .refusal()
                        .status())
                .isEqualTo(403);
    }

    @Test
    void administratorsOfTheTenantAloneAdministrate() {
        var secret = platform.newClient(
                "administrator-of-initech", "trustLevel:trustedClient,apiGroup:oAuthAdmin,tenantName:initech");
        var ofInitech = globex.as("administrator-of-initech", secret, "");
        administrator.createGroup("globex", "guarded").ok();
        administrator.createGroup("initech", "guarded").ok();

        for (Caller stranger : List.of(ofInitech, globex.as("globex", SECRET, ""))) {
            denied(stranger.createGroup("globex", "another"));
            denied(stranger.putIntoGroup("globex", "guarded", "jdoe"));
            denied(stranger.putIntoGroup("no-tenant", "guarded", "jdoe"));
            denied(stranger.post("/api/v1/seats/delete", Map.of("tenant", "globex", "seat", "jdoe")));
            denied(stranger.post("/api/v1/groups/delete", Map.of("tenant", "globex", "group", "guarded")));
            denied(stranger.post("/api/v1/seats/list", Map.of("tenant", "globex")));
            denied(stranger.post("/api/v1/groups/list", Map.of("tenant", "globex")));
        }
        ofInitech.putIntoGroup("initech", "guarded", "jdoe").ok();
        var groups = ofInitech.post("/api/v1/groups/list", Map.of()).ok().json().get("groups");
        assertThat(groups).hasSize(1);
        assertThat(groups.get(0).toString()).isEqualTo("{\"tenant\":\"initech\",\"group\":\"guarded\",\"seats\":1}");
    }

    @Test
    void clientsThatCouldLeaveAGroupAreRefused() {
        var client = Map.of(
                "clientId",
                "no-client",
                "clientSecret",
                "secret of no-client",
                "authorizedGrantTypes",
                "client_credentials",
                "accessTokenValidity",
                60);
        for (var wrong : Map.of(
                        "trustLevel:trustedClient,apiGroup:oAuthAdmin,tenantName:globex,groupName:a@globex",
                        "An oAuthAdmin or operator is not kept to groups",
                        "trustLevel:trustedClient,apiGroup:signer,tenantName:initech,groupName:a@globex",
                        "An authority groupName:NAME@TENANT needs tenantName:TENANT beside it")
                .entrySet()) {
            var body = new java.util.HashMap<String, Object>(client);
            body.put("authorities", wrong.getKey());
            assertThat(administrator.createClient(body).refusal().text("error_description"))
                    .contains(wrong.getValue());
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        administrator.createGroup("globex", "said").ok();
        administrator.createGroup("globex", "said").refused(409, "conflict", "The group already exists");
        administrator
                .createGroup("globex", "not this")
                .refused(400, "invalid_request", "group must have 1 to 64 letters, digits, '.', '_' and '-'");
        administrator.createGroup("", "said").refused(400, "invalid_request", "tenant is required");
        administrator.putIntoGroup("globex", "missing", "jdoe").refused(404, "not_found", "The group was not found");
        administrator.putIntoGroup("globex", "said").refused(400, "invalid_request", "seats must be 1 to 100");
        administrator
                .putIntoGroup(
                        "globex",
                        "said",
                        IntStream.range(0, 101).mapToObj(i -> "seat-" + i).toArray(String[]::new))
                .refused(400, "invalid_request", "seats must be 1 to 100");
        administrator
                .putIntoGroup("globex", "said", "good", "not good")
                .refused(400, "invalid_request", "seat must have 1 to 128 printable characters without white space");
        administrator
                .post("/api/v1/seats/list", Map.of("page", -1))
                .refused(400, "invalid_request", "page must be 0 or more, pageSize from 1 to 1000");
        administrator
                .post("/api/v1/seats/list", Map.of("seat", "\u0000"))
                .refused(400, "invalid_request", "seat must have 1 to 128 printable characters without white space");
        administrator
                .post("/api/v1/seats/list", Map.of("group", "\u0000"))
                .refused(400, "invalid_request", "group must have 1 to 64 letters, digits, '.', '_' and '-'");
        administrator
                .post("/api/v1/seats/delete", Map.of("tenant", "globex", "seat", "nobody-at-all"))
                .refused(404, "not_found", "The seat was not found");
        assertThat(administrator
                        .putIntoGroup("globex", "said", "said-seat", "said-seat@globex")
                        .ok()
                        .texts("seats"))
                .containsExactly("said-seat");
        administrator
                .post("/api/v1/groups/delete", Map.of("tenant", "globex", "group", "said"))
                .refused(409, "conflict", "Somebody is in the group; move them first");
        platform.atGlobex().enrol("said-seat");
        administrator
                .post("/api/v1/seats/delete", Map.of("tenant", "globex", "seat", "said-seat"))
                .refused(409, "conflict", "The seat has credentials; delete them first");
        var found = administrator
                .post("/api/v1/seats/list", Map.of("tenant", "globex", "seat", "said-seat"))
                .ok()
                .json()
                .get("seats");
        assertThat(found).hasSize(1);
        assertThat(found.get(0).get("group").asText()).isEqualTo("said");
        assertThat(found.get(0).get("credentials").asInt()).isEqualTo(1);
        administrator
                .put("/api/v1/seats", Map.of("tenant", "globex", "seats", List.of("said-seat")))
                .ok();
        administrator
                .post("/api/v1/groups/delete", Map.of("tenant", "globex", "group", "said"))
                .ok();
    }

    private static List<String> certificatesOf(Caller lister) {
        return StreamSupport.stream(
                        lister.certificates(Map.of("pageSize", 1000))
                                .ok()
                                .json()
                                .get("certificates")
                                .spliterator(),
                        false)
                .map(entry -> entry.get("seat").asText())
                .toList();
    }
}
