package org.countersign.server.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.SecretHash;
import org.junit.jupiter.api.Test;

/** The table of the seed's "OAuth2Client errors", in its order: each error hides those after it. */
class ClientRequestTest {

    private static final String AUTHORITIES = "trustLevel:trustedClient,apiGroup:signer,tenantName:acme";

    private static void refused(ClientRequest request, String description) {
        assertThatThrownBy(() -> ClientRequest.required(request).registration(Set.of("acme"), true))
                .isInstanceOfSatisfying(ProtocolException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(OAuth2Error.INVALID_REQUEST);
                    assertThat(refusal.description()).isEqualTo(description);
                });
    }

    private static ClientRequest request(String id, String secret, String types, Integer validity, String authorities) {
        return new ClientRequest(id, secret, types, validity, authorities, null);
    }

    @Test
    void errors_come_in_the_order_of_the_table() {
        refused(null, "Payload is required");
        refused(request(null, null, null, null, null), "ClientId is null or empty");
        refused(request("", null, null, null, null), "ClientId is null or empty");
        refused(request("c", null, null, null, null), "ClientSecret is null or empty");
        refused(request("c", "", null, null, null), "ClientSecret is null or empty");
        refused(request("c", "12345678", null, null, null), "AuthorizedGrantTypes is null or empty");
        refused(request("c", "12345678", "", null, null), "AuthorizedGrantTypes is null or empty");
        refused(request("c", "12345678", "password", null, null), "Unsupported grant type");
        refused(request("c", "12345678", "client_credentials", null, null), "AccessTokenValidity is null");
        refused(
                request("c", "12345678", "client_credentials", 0, null),
                "The Access Token Validity must be greater than 0");
        refused(
                request("c", "12345678", "client_credentials", -1, null),
                "The Access Token Validity must be greater than 0");
        refused(request("c", "12345678", "client_credentials", 60, null), "Authorities is null or empty");
    }

    @Test
    void what_the_table_leaves_open_is_limited() {
        refused(
                request("c", "12345678", "client_credentials", 86_401, AUTHORITIES),
                "The Access Token Validity must be 86400 at most");
        refused(
                request("a/b", "12345678", "client_credentials", 60, AUTHORITIES),
                "ClientId has up to 128 printable ASCII characters without colon, slash, quote or backslash");
        refused(request("c", "1234567", "client_credentials", 60, AUTHORITIES), "ClientSecret has 8 to 256 characters");
        refused(
                request("c", "12345678", "client_credentials", 60, AUTHORITIES + ",tenantName:other"),
                "An authority tenantName:… names no tenant of this context");
    }

    @Test
    void a_whole_one_is_a_registration_that_is_not_for_demonstration() {
        var registration =
                request("c", "12345678", "client_credentials", 60, AUTHORITIES).registration(Set.of("acme"), true);
        assertThat(registration.accessTokenValidity()).isEqualTo(Duration.ofMinutes(1));
        assertThat(registration.authorities()).hasToString(AUTHORITIES);
        assertThat(registration.demonstration()).isFalse();
    }

    @Test
    void a_replacement_may_leave_the_secret_out_but_not_send_an_empty_one_or_another_identifier() {
        var tenants = Set.of("acme");
        assertThat(request(null, null, "client_credentials", 60, AUTHORITIES)
                        .of("c")
                        .registration(tenants, false)
                        .clientId())
                .isEqualTo("c");
        assertThatThrownBy(() -> request(null, "", "client_credentials", 60, AUTHORITIES)
                        .of("c")
                        .registration(tenants, false))
                .hasMessageContaining("ClientSecret is null or empty");
        assertThatThrownBy(() -> request("d", null, "client_credentials", 60, AUTHORITIES)
                        .of("c"))
                .hasMessageContaining("ClientId differs from the address");
    }

    @Test
    void it_does_not_print_its_secret() {
        assertThat(request("c", "hunter2-hunter2", null, null, null).toString()).doesNotContain("hunter2");
    }

    @Test
    void a_client_from_a_tenants_file_is_checked_like_any_other_and_never_an_administrator() {
        assertThat(adopted("c", 3_600, AUTHORITIES)).isEmpty();
        assertThat(adopted("c", 3_600, "trustLevel:trustedClient,apiGroup:oAuthAdmin,tenantName:acme"))
                .containsExactly("it must not be an administrator here");
        assertThat(adopted("c", 3_600, AUTHORITIES + ",apiGroup:connector,origin:https://a.example"))
                .containsExactly("it must not get tokens for local agents here");
        assertThat(adopted("c", 3_600, AUTHORITIES + ",tenantName:beta"))
                .containsExactly("An authority tenantName:… names no tenant of this context");
        assertThat(adopted("c", Integer.MAX_VALUE, AUTHORITIES))
                .containsExactly("The Access Token Validity must be 86400 at most");
        assertThat(adopted("a:b", 3_600, AUTHORITIES)).containsExactly("ClientId " + ClientRequest.CLIENT_ID_FORM);
    }

    private static List<String> adopted(String clientId, int validity, String authorities) {
        var problems = new ArrayList<String>();
        var adopted =
                ClientRequest.adopted(clientId, "client_credentials", validity, authorities, "acme", problems::add);
        assertThat(adopted.isEmpty()).isEqualTo(!problems.isEmpty());
        return problems;
    }

    @Test
    void a_stored_secret_from_elsewhere_must_be_cheap_to_check() {
        var rest = ",p=1$" + "A".repeat(22) + "$" + "A".repeat(43);
        assertThat(SecretHash.isBearable("$argon2id$v=19$m=3584,t=1" + rest)).isTrue();
        assertThat(SecretHash.isBearable("$argon2id$v=19$m=1048576,t=1" + rest)).isFalse();
        assertThat(SecretHash.isBearable("$argon2id$v=19$m=3584,t=100" + rest)).isFalse();
        assertThat(SecretHash.isBearable("secret")).isFalse();
    }
}
