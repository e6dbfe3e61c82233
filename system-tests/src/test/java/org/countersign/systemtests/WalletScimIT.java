package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.messages.ErrorResponse;
import com.unboundid.scim2.common.messages.ListResponse;
import com.unboundid.scim2.common.messages.PatchOperation;
import com.unboundid.scim2.common.messages.PatchRequest;
import com.unboundid.scim2.common.types.Email;
import com.unboundid.scim2.common.types.Name;
import com.unboundid.scim2.common.types.ResourceTypeResource;
import com.unboundid.scim2.common.types.SchemaResource;
import com.unboundid.scim2.common.types.ServiceProviderConfigResource;
import com.unboundid.scim2.common.types.UserResource;
import com.unboundid.scim2.common.utils.JsonUtils;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.AtOnce;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Http;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A company's directory keeps its users by SCIM 2.0. A published library writes the requests and reads the answers. */
@ExtendWith(RunningServer.class)
class WalletScimIT {

    private static final String USER = "urn:ietf:params:scim:schemas:core:2.0:User";
    private static final String TYPE = "application/scim+json";

    private final SignerApi provider;
    private final WalletOperator operator;
    private final String base;
    private final String login = "Anna." + UUID.randomUUID() + "@people.example.com";

    WalletScimIT(Platform platform) {
        provider = platform.wallet();
        operator = new WalletOperator(provider);
        base = "/scim/" + operator.organisation() + "/v2";
    }

    private Answer send(String method, String path, String body, String... headers) {
        var request = operator.caller()
                .request(base + path)
                .setHeader("Accept", TYPE)
                .setHeader("Content-Type", TYPE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return Http.send(request);
    }

    private static String json(Object value) {
        try {
            return JsonUtils.getObjectWriter().writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static <T> T read(Answer answer, Class<T> type) {
        try {
            assertThat(answer.header("Content-Type").orElseThrow()).startsWith(TYPE);
            return JsonUtils.getObjectReader().forType(type).readValue(answer.body());
        } catch (JsonProcessingException notScim) {
            throw new AssertionError(answer.body(), notScim);
        }
    }

    /** A list's members, its users each read by the library. */
    private record Found(int totalResults, int startIndex, int itemsPerPage, List<UserResource> resources) {}

    private Found list(String query) {
        var answer = send("GET", "/Users" + query, null).ok();
        var raw = (ListResponse<?>) read(answer, ListResponse.class);
        var users = new ArrayList<UserResource>();
        answer.json().path("Resources").forEach(user -> {
            try {
                users.add(
                        JsonUtils.getObjectReader().forType(UserResource.class).readValue(user.toString()));
            } catch (JsonProcessingException notScim) {
                throw new AssertionError(answer.body(), notScim);
            }
        });
        return new Found(raw.getTotalResults(), raw.getStartIndex(), raw.getItemsPerPage(), users);
    }

    private static void refused(Answer answer, int status, String scimType) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        var error = read(answer, ErrorResponse.class);
        assertThat(error.getStatus()).isEqualTo(status);
        assertThat(error.getScimType()).isEqualTo(scimType);
        assertThat(error.getDetail()).isNotBlank();
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }

    private UserResource newUser(String userName) {
        return new UserResource().setUserName(userName);
    }

    private UserResource add(UserResource user) {
        return read(send("POST", "/Users", json(user)).ok(), UserResource.class);
    }

    private Answer patch(String id, PatchOperation... operations) {
        return send("PATCH", "/Users/" + id, json(new PatchRequest(List.of(operations))));
    }

    private Answer patch(String id, String operations) {
        return send(
                "PATCH",
                "/Users/" + id,
                "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":" + operations + "}");
    }

    @Test
    void aUserIsAddedFoundAndShown() throws Exception {
        var user = newUser(login);
        user.setExternalId("0815-" + login);
        user.setName(new Name().setGivenName("Anna").setFamilyName("Muster"));
        user.setDisplayName("Anna M.");
        user.setEmails(new Email().setValue("anna@example.com").setType("work").setPrimary(true));
        var created = send("POST", "/Users", json(user));
        assertThat(created.status()).isEqualTo(201);
        var added = read(created, UserResource.class);
        assertThat(added.getUserName()).isEqualTo(login.toLowerCase(java.util.Locale.ROOT));
        assertThat(added.getActive()).isTrue();
        assertThat(added.getName().getFamilyName()).isEqualTo("Muster");
        assertThat(added.getEmails().get(0).getValue()).isEqualTo("anna@example.com");
        assertThat(added.getMeta().getResourceType()).isEqualTo("User");
        assertThat(added.getMeta().getLocation()).hasToString(Company.WALLET_ISSUER + base + "/Users/" + added.getId());
        assertThat(created.header("Location"))
                .contains(added.getMeta().getLocation().toString());
        assertThat(created.header("ETag")).contains(added.getMeta().getVersion());

        var shown = send("GET", "/Users/" + added.getId(), null).ok();
        assertThat(read(shown, UserResource.class)).isEqualTo(added);
        assertThat(send(
                                "GET",
                                "/Users/" + added.getId(),
                                null,
                                "If-None-Match",
                                added.getMeta().getVersion())
                        .status())
                .isEqualTo(304);
        for (var filter : List.of(Filter.eq("userName", login), Filter.eq("externalId", "0815-" + login))) {
            var found = list("?filter=" + SignerApi.encode(filter.toString()));
            assertThat(found.totalResults()).isEqualTo(1);
            assertThat(found.resources()).containsExactly(added);
        }
        assertThat(list("?filter=" + SignerApi.encode("userName eq \"nobody@example.com\""))
                        .totalResults())
                .isZero();
        assertThat(operator.show(added.getId()).path("login").asText()).isEqualTo(added.getUserName());

        refused(send("POST", "/Users", json(user)), 409, "uniqueness");
    }

    @Test
    void pagesBeginAtOneAndEndWhereTheyAreAskedTo() throws Exception {
        for (var name : List.of("a", "b", "c")) {
            add(newUser(name + "." + login));
        }
        var page = list("?startIndex=2&count=1");
        assertThat(page.totalResults()).isEqualTo(3);
        assertThat(page.startIndex()).isEqualTo(2);
        assertThat(page.itemsPerPage()).isEqualTo(1);
        assertThat(page.resources().get(0).getUserName()).startsWith("b.");
        assertThat(list("?startIndex=0&count=2").resources()).hasSize(2);
        assertThat(list("?count=0").totalResults()).isEqualTo(3);
        assertThat(list("?count=-1").resources()).isEmpty();
        assertThat(list("?startIndex=4").resources()).isEmpty();
    }

    @Test
    void whoIsInactiveIsBlockedAndTheirWalletWithThem() throws Exception {
        var user = add(newUser(login));
        var app = operator.wallet(user.getId());
        var token = app.token();
        var inactive = read(
                patch(user.getId(), PatchOperation.replace("active", false)).ok(), UserResource.class);
        assertThat(inactive.getActive()).isFalse();
        assertThat(operator.show(user.getId()).path("blocked").asBoolean()).isTrue();
        app.update(token).refused(401, "invalid_token", "The access token was not accepted");
        app.tokenWithPin(WalletApp.PIN).refused(401, "invalid_client", "The assertion was not accepted");
        patch(user.getId(), PatchOperation.replace("active", false)).ok();

        // as one directory writes it
        patch(user.getId(), "[{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"True\"}]")
                .ok();
        app.update(token).refused(401, "invalid_token", "The access token was not accepted");
        app.update(app.token()).ok();

        operator.act(user.getId(), "block").ok();
        assertThat(read(send("GET", "/Users/" + user.getId(), null).ok(), UserResource.class)
                        .getActive())
                .isFalse();
        user.setActive(null);
        assertThat(read(send("PUT", "/Users/" + user.getId(), json(user)).ok(), UserResource.class)
                        .getActive())
                .isFalse();
        user.setActive(true);
        send("PUT", "/Users/" + user.getId(), json(user)).ok();
        app.update(app.token()).ok();
    }

    /** The latest entry's details. */
    private JsonNode audited(String type, UserResource user) {
        var entries = provider.as(Company.WALLET_OPERATOR, Company.OPERATOR_SECRET, "")
                .get("/admin/v1/audit?type=" + type)
                .ok()
                .json();
        for (var entry : entries) {
            if (entry.at("/details/user").asText().equals(user.getId())) {
                return entry.path("details");
            }
        }
        throw new AssertionError(entries);
    }

    @Test
    void whatADirectoryChangesIsInTheAuditLog() throws Exception {
        var user = add(newUser(login));
        patch(user.getId(), PatchOperation.replace("active", false), PatchOperation.replace("userName", "new." + login))
                .ok();
        assertThat(audited("user.blocked", user).path("by").asText()).isEqualTo("scim");
        var provisioned = audited("user.provisioned", user);
        assertThat(provisioned.path("by").asText()).isEqualTo("scim");
        assertThat(provisioned.path("login").asText()).startsWith("new.");
        assertThat(provisioned.path("formerLogin").asText()).isEqualTo(user.getUserName());
        patch(user.getId(), PatchOperation.replace("active", true)).ok();
        assertThat(audited("user.unblocked", user).path("by").asText()).isEqualTo("scim");
    }

    @Test
    void attributesAreAddedReplacedAndRemoved() throws Exception {
        var user = add(newUser(login));
        var id = user.getId();
        var changed = read(
                patch(
                                id,
                                "[{\"op\":\"add\",\"value\":{\"name.givenName\":\"Anna\",\"displayName\":\"A\",\"nickName\":\"x\","
                                        + "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"department\":\"x\"}}},"
                                        + "{\"op\":\"Add\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"a@example.com\"},"
                                        + "{\"op\":\"add\",\"path\":\"emails\",\"value\":[{\"value\":\"b@example.com\",\"type\":\"home\"}]},"
                                        + "{\"op\":\"replace\",\"path\":\"name.familyName\",\"value\":\"Muster\"},"
                                        + "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"x\"},"
                                        + "{\"op\":\"replace\",\"path\":\"" + USER + ":externalId\",\"value\":\"e\"}]")
                        .ok(),
                UserResource.class);
        assertThat(changed.getName().getGivenName()).isEqualTo("Anna");
        assertThat(changed.getName().getFamilyName()).isEqualTo("Muster");
        assertThat(changed.getDisplayName()).isEqualTo("A");
        assertThat(changed.getExternalId()).isEqualTo("e");
        assertThat(changed.getEmails()).extracting(Email::getValue).containsExactly("a@example.com", "b@example.com");

        var cleared = read(
                patch(
                                id,
                                "[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":null},"
                                        + "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}]")
                        .ok(),
                UserResource.class);
        assertThat(cleared.getDisplayName()).isNull();
        assertThat(cleared.getActive()).isFalse();

        var removed = read(
                patch(
                                id,
                                PatchOperation.remove("emails[type eq \"work\"]"),
                                PatchOperation.remove("name.givenName"),
                                PatchOperation.remove("externalId"))
                        .ok(),
                UserResource.class);
        assertThat(removed.getEmails()).extracting(Email::getValue).containsExactly("b@example.com");
        assertThat(removed.getName().getGivenName()).isNull();
        assertThat(removed.getExternalId()).isNull();
        assertThat(read(patch(id, PatchOperation.remove("emails")).ok(), UserResource.class)
                        .getEmails())
                .isNull();
        var bare = read(send("PUT", "/Users/" + id, json(newUser(login))).ok(), UserResource.class);
        assertThat(bare.getName()).isNull();
    }

    @Test
    void anotherLoginEndsTheInvitationAndMustBeFree() throws Exception {
        var user = add(newUser(login));
        var other = add(newUser("other." + login));
        var invited = operator.invite(user.getId());
        refused(patch(user.getId(), PatchOperation.replace("userName", other.getUserName())), 409, "uniqueness");
        var renamed = read(
                patch(user.getId(), PatchOperation.replace("userName", "new." + login))
                        .ok(),
                UserResource.class);
        assertThat(renamed.getUserName()).startsWith("new.");
        invited.initialise().refused(401, "invalid_client", "The assertion was not accepted");
        operator.wallet(user.getId()).token();
        refused(patch(user.getId(), PatchOperation.replace("userName", "guest@example.com")), 400, "invalidValue");
    }

    @Test
    void aVersionThatIsNoLongerIsRefused() throws Exception {
        var user = add(newUser(login));
        var old = user.getMeta().getVersion();
        var answers = AtOnce.call(
                4,
                i -> send(
                        "PATCH",
                        "/Users/" + user.getId(),
                        "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":"
                                + "\"replace\",\"path\":\"displayName\",\"value\":\"name " + i + "\"}]}",
                        "If-Match",
                        old));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream().filter(answer -> answer.status() != 200).forEach(answer -> refused(answer, 412, null));
        var path = "/Users/" + user.getId();
        refused(send("PUT", path, json(newUser(login)), "If-Match", old), 412, null);
        refused(send("DELETE", path, null, "If-Match", old), 412, null);
        assertThat(send("DELETE", path, null, "If-Match", "*").status()).isEqualTo(204);
    }

    @Test
    void aRemovedUserIsGone() throws Exception {
        var user = add(newUser(login));
        var app = operator.wallet(user.getId());
        var token = app.token();
        var path = "/Users/" + user.getId();
        assertThat(send("DELETE", path, null).status()).isEqualTo(204);
        refused(send("DELETE", path, null), 404, null);
        refused(send("GET", path, null), 404, null);
        refused(patch(user.getId(), PatchOperation.replace("active", true)), 404, null);
        app.update(token).refused(401, "invalid_token", "The access token was not accepted");
        assertThat(list("").totalResults()).isZero();
        add(newUser(login));
    }

    @Test
    void whatIsWrongIsToldInScimsWords() throws Exception {
        refused(send("POST", "/Users", "{"), 400, "invalidSyntax");
        refused(send("POST", "/Users", "[]"), 400, "invalidSyntax");
        refused(send("POST", "/Users", "{\"userName\":\"a@example.com\"}"), 400, "invalidSyntax");
        var begin = "{\"schemas\":[\"" + USER + "\"],\"userName\":\"" + login + "\",";
        for (var wrong : List.of(
                "\"active\":1",
                "\"name\":\"Anna\"",
                "\"displayName\":\"" + "x".repeat(256) + "\"",
                "\"displayName\":\"a\\u0000\"",
                "\"emails\":[{\"type\":\"work\"}]",
                "\"emails\":[" + "{\"value\":\"a@example.com\"},".repeat(10) + "{\"value\":\"b@example.com\"}]")) {
            refused(send("POST", "/Users", begin + wrong + "}"), 400, "invalidValue");
        }
        refused(send("POST", "/Users", json(newUser("no address"))), 400, "invalidValue");
        refused(
                send("POST", "/Users", json(newUser("Guest@" + UUID.randomUUID() + ".example.com"))),
                400,
                "invalidValue");
        refused(send("POST", "/Users", begin + "\"a\":\"" + "x".repeat(2_000_000) + "\"}"), 413, null);
        var user = add(newUser(login));
        for (var wrong : List.of("userName sw \"a\"", "userName eq a", "userName eq \"a\" or id pr", "x")) {
            refused(send("GET", "/Users?filter=" + SignerApi.encode(wrong), null), 400, "invalidFilter");
        }
        refused(patch(user.getId(), "[]"), 400, "invalidSyntax");
        refused(patch(user.getId(), "[{\"op\":\"move\",\"path\":\"active\"}]"), 400, "invalidSyntax");
        refused(patch(user.getId(), "[{\"op\":\"remove\"}]"), 400, "noTarget");
        refused(patch(user.getId(), "[{\"op\":\"remove\",\"path\":\"active\"}]"), 400, "invalidValue");
        refused(patch(user.getId(), "[{\"op\":\"remove\",\"path\":\"userName\"}]"), 400, "invalidValue");
        refused(patch(user.getId(), "[{\"op\":\"remove\",\"path\":\"a b\"}]"), 400, "invalidPath");
        refused(
                patch(
                        user.getId(),
                        "[{\"op\":\"replace\",\"path\":\"emails[value eq \\\"x\\\"]\",\"value\":{\"value\":\"y\"}}]"),
                400,
                "noTarget");
        patch(
                        user.getId(),
                        "[{\"op\":\"add\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"a@example.com\"}]")
                .ok();
        for (var values : List.of("[]", "[{\"value\":\"b@example.com\"},{\"value\":\"c@example.com\"}]")) {
            refused(
                    patch(
                            user.getId(),
                            "[{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"]\",\"value\":" + values
                                    + "}]"),
                    400,
                    "invalidValue");
        }
        var twoActs = "[{\"op\":\"replace\",\"path\":\"active\",\"value\":false},{\"op\":\"remove\"}]";
        refused(patch(user.getId(), twoActs), 400, "noTarget");
        assertThat(operator.show(user.getId()).path("blocked").asBoolean()).isFalse();
        refused(send("POST", "/Users", json(newUser("b" + login)), "Content-Type", "text/plain"), 415, null);
    }

    @Test
    void onlyOperatorsAndOnlyTheOrganisationsOwn() throws Exception {
        var user = add(newUser(login));
        var others = new WalletOperator(provider);
        var path = "/scim/" + others.organisation() + "/v2/Users";
        for (var of : List.of(
                operator.caller().request(path + "/" + user.getId()).GET(),
                operator.caller().request(path + "/" + user.getId()).DELETE(),
                operator.caller().request(path + "/nobody").GET(),
                operator.caller().request(path + "/1-1-1-1-1").GET(),
                operator.caller()
                        .request("/scim/" + UUID.randomUUID() + "/v2/Users")
                        .GET(),
                operator.caller().request("/scim/x/v2/Schemas").GET())) {
            refused(Http.send(of.setHeader("Accept", TYPE)), 404, null);
        }
        var filter = "?filter=" + SignerApi.encode(Filter.eq("userName", login).toString());
        assertThat(Http.send(operator.caller()
                                .request(path + filter)
                                .setHeader("Accept", TYPE)
                                .GET())
                        .ok()
                        .json()
                        .path("totalResults")
                        .asInt(-1))
                .isZero();
        var change = json(new PatchRequest(List.of(PatchOperation.replace("active", false))));
        var stolen = json(newUser("stolen." + login));
        var administrator = provider.as(Company.WALLET_ADMINISTRATOR, Company.OPERATOR_SECRET, "");
        for (var sent : List.of(List.of("PUT", stolen), List.of("PATCH", change))) {
            var body = BodyPublishers.ofString(sent.get(1));
            refused(
                    Http.send(operator.caller()
                            .request(path + "/" + user.getId())
                            .setHeader("Accept", TYPE)
                            .setHeader("Content-Type", TYPE)
                            .method(sent.get(0), body)),
                    404,
                    null);
            refused(
                    Http.send(administrator
                            .request(base + "/Users/" + user.getId())
                            .setHeader("Accept", TYPE)
                            .setHeader("Content-Type", TYPE)
                            .method(sent.get(0), body)),
                    403,
                    null);
        }
        assertThat(read(send("GET", "/Users/" + user.getId(), null).ok(), UserResource.class))
                .isEqualTo(user);
        var stranger = provider.as(Company.WALLET_ADMINISTRATOR, Company.OPERATOR_SECRET, "");
        for (var at : List.of("/Users", "/Users/" + user.getId(), "/Schemas", "/ServiceProviderConfig")) {
            refused(
                    Http.send(stranger.request(base + at)
                            .setHeader("Accept", TYPE)
                            .GET()),
                    403,
                    null);
            refused(
                    Http.send(provider.request(base + at)
                            .setHeader("Accept", TYPE)
                            .GET()),
                    401,
                    null);
        }
    }

    @Test
    void theServiceSaysWhatItCan() throws Exception {
        var configuration = read(send("GET", "/ServiceProviderConfig", null).ok(), ServiceProviderConfigResource.class);
        assertThat(configuration.getPatch().isSupported()).isTrue();
        assertThat(configuration.getBulk().isSupported()).isFalse();
        assertThat(configuration.getEtag().isSupported()).isTrue();
        var type = read(send("GET", "/ResourceTypes/User", null).ok(), ResourceTypeResource.class);
        assertThat(type.getSchema()).hasToString(USER);
        var schema = read(send("GET", "/Schemas/" + USER, null).ok(), SchemaResource.class);
        assertThat(schema.getAttributes())
                .extracting(attribute -> attribute.getName())
                .contains("userName", "emails");
        assertThat(schema.getMeta().getLocation()).hasToString(Company.WALLET_ISSUER + base + "/Schemas/" + USER);
        for (var list : List.of("/ResourceTypes", "/Schemas")) {
            assertThat(send("GET", list, null).ok().json().path("Resources")).hasSize(1);
        }
        refused(send("GET", "/Schemas/Group", null), 404, null);
        refused(send("GET", "/ResourceTypes/Group", null), 404, null);
    }
}
