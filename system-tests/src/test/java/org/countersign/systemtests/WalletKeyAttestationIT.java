package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import org.countersign.systemtests.harness.AndroidDevice;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.harness.WalletApp;
import org.countersign.systemtests.harness.WalletKey;
import org.countersign.systemtests.harness.WalletOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What devices say of wallets' keys, and organisations that require it to be good. */
@ExtendWith(RunningServer.class)
class WalletKeyAttestationIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PATH = "/initialisation";

    private final SignerApi provider;
    private final TestServer server;
    private final WalletOperator operator;
    private final String user;
    private final WalletApp app;

    WalletKeyAttestationIT(Platform platform) {
        provider = platform.wallet();
        server = platform.server();
        operator = new WalletOperator(provider);
        user = operator.newUser();
        app = operator.invite(user);
    }

    private Answer begin(WalletKey attested) {
        return begin(claims -> claims.put(
                "key_attestation", AndroidDevice.attest(attested.publicKey(), (String) claims.get("nonce"))));
    }

    private Answer begin(Consumer<Map<String, Object>> change) {
        return provider.form(PATH, app.initialisation(change));
    }

    private static JsonNode attestation(Answer answer) throws Exception {
        return JSON.readTree(Base64.getUrlDecoder()
                .decode(answer.ok().text("wallet_attestation").split("\\.")[1]));
    }

    private static void refused(Answer answer) {
        answer.refused(401, "invalid_client", "The assertion was not accepted");
    }

    @Test
    void aVerifiedKeyIsToldAsSuch() throws Exception {
        var begun = attestation(begin(app.attestationKey()));
        assertThat(begun.path("key_type").asText()).isEqualTo("tee");
        assertThat(begun.path("user_authentication").asText()).isEqualTo("system_biometry");

        var fresh = attestation(app.call("/update-attestation", app.token(), Map.of("key_attestation", "anew")));
        assertThat(fresh.path("key_type").asText()).isEqualTo("tee");
        assertThat(fresh.path("user_authentication").asText()).isEqualTo("system_biometry");
    }

    @Test
    void withoutARequirementABadAttestationIsAsGoodAsNone() throws Exception {
        assertThat(operator.keyPolicy()).isEqualTo("none");
        assertThat(attestation(begin(WalletKey.generate())).has("key_type")).isFalse();
    }

    @Test
    void whatIsRequiredIsRequiredAndTheInvitationStays() throws Exception {
        operator.requireKey("trusted_environment").ok();
        assertThat(operator.keyPolicy()).isEqualTo("trusted_environment");
        refused(begin(claims -> {}));
        refused(begin(WalletKey.generate()));
        refused(begin(claims -> claims.put(
                "key_attestation", AndroidDevice.attest(app.attestationKey().publicKey(), app.nonce()))));
        assertThat(reasons()).isEqualTo("unknown kind of attestation, another key, another challenge");

        operator.requireKey("secure_processor").ok();
        refused(begin(app.attestationKey()));
        operator.requireKey("trusted_environment").ok();
        assertThat(attestation(begin(app.attestationKey())).path("key_type").asText())
                .isEqualTo("tee");
    }

    /** Of refusals, from the audit log. */
    private String reasons() throws Exception {
        try (var connection = server.database().superuser("wallet");
                var statement = connection.prepareStatement(
                        "SELECT string_agg(details::json ->> 'reason', ', ' ORDER BY"
                                + " seq) FROM audit_entry WHERE type = 'wallet.key-refused' AND details::json ->> 'login' = ?")) {
            statement.setString(1, app.login());
            try (var reasons = statement.executeQuery()) {
                reasons.next();
                return reasons.getString(1);
            }
        }
    }

    @Test
    void aWalletWhoseKeyIsNotGoodEnoughAnyLongerGetsNoFreshAttestation() {
        app.initialise().ok();
        operator.requireKey("trusted_environment").ok();
        app.call("/update-attestation", app.token(), Map.of("key_attestation", "anew"))
                .refused(403, "access_denied", "Access is denied");
    }

    @Test
    void aPolicyIsOneOfThree() {
        for (var body : new String[] {"{}", "{\"required\": \"tee\"}", "{\"required\": null}"}) {
            operator.putKeyPolicy(body)
                    .refused(400, "invalid_request", "required must be none, trusted_environment or secure_processor");
        }
    }
}
