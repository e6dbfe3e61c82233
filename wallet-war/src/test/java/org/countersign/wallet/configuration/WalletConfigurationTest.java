package org.countersign.wallet.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.wiring.ConfigurationKeys;
import org.countersign.wallet.keyattestations.TestMaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalletConfigurationTest {

    private static final Path ROOT = root();
    private static final ContextName CONTEXT = new ContextName("wallet-acme");
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "WALLET_DATABASE_URL", "jdbc:postgresql://127.0.0.1/wallet",
            "WALLET_DATABASE_USER", "countersign",
            "WALLET_DATABASE_PASSWORD", "x",
            "WALLET_ISSUER", "https://wallet.example.com/wallet-acme",
            "WALLET_OPERATOR_SECRET", "y",
            "WALLET_MASTER_SECRET", "a secret that is long enough for anybody");

    /** What every product's file has, which is described with the signer's. */
    private static final List<String> COMMON = List.of(
            "datasource",
            "jpaConfig",
            "audit",
            "metrics",
            "ntp",
            "oAuthClientDetails",
            "loggersConfig",
            // with the distribution service's
            "console");

    @TempDir
    Path folder;

    private static Path root() {
        var path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("countersign"))) {
            path = path.getParent();
        }
        return path;
    }

    private String refusal(String json) throws IOException {
        var file = Files.writeString(folder.resolve("wallet-acme.json"), json);
        return catchThrowableOfType(
                        ConfigurationException.class, () -> WalletConfiguration.read(file, CONTEXT, ENVIRONMENT))
                .getMessage();
    }

    @Test
    void the_ready_to_run_file_is_accepted_without_a_warning() {
        var configuration =
                WalletConfiguration.read(ROOT.resolve("config/tenants/wallet-acme.json"), CONTEXT, ENVIRONMENT);
        assertThat(configuration.warnings()).isEmpty();
        assertThat(configuration.issuer()).hasToString("https://wallet.example.com/wallet-acme");
        assertThat(configuration.invitations()).isEqualTo(Duration.ofHours(72));
        assertThat(configuration.proofNonces()).isFalse();
        assertThat(configuration.compatibilityProfile()).isFalse();
        assertThat(configuration.common().clients()).hasSize(1);
    }

    @Test
    void the_packages_sample_is_accepted_without_a_warning() {
        var environment = Map.of(
                "WALLET_A_DATABASE_URL", "jdbc:postgresql://127.0.0.1/wallet",
                "WALLET_A_DATABASE_USER", "countersign",
                "WALLET_A_DATABASE_PASSWORD", "x",
                "WALLET_A_OPERATOR_SECRET", "y",
                "WALLET_MASTER_SECRET", "a secret that is long enough for anybody");
        var sample = ROOT.resolve("packages/wallet/sample/wallet-company-a.json");
        assertThat(WalletConfiguration.read(sample, new ContextName("wallet-company-a"), environment)
                        .warnings())
                .isEmpty();
    }

    @Test
    void every_error_is_told_at_once() throws IOException {
        assertThat(
                        refusal(
                                "{\"issuer\": \"wallet.example.com\", \"nonces\": {\"perMinute\": 0}, \"invitations\":"
                                        + " {\"validityInHours\": \"3\"}, \"masterSecret\": \"in place, and long enough for anybody\"}"))
                .contains("issuer: must be the context's address")
                .contains("nonces.perMinute: must be a whole number")
                .contains("invitations.validityInHours: must be a whole number")
                .contains("masterSecret: must not stand in the file")
                .doesNotContain("in place, and long");
    }

    @Test
    void whose_word_on_keys_counts_is_checked() throws IOException {
        assertThat(
                        refusal(
                                "{\"keyAttestation\": {\"android\": {\"roots\": \"none\", \"packages\": [\"wallet\"],"
                                        + " \"signatureDigests\": [\"AB\"], \"revokedCertificates\": [\"x\"]}, \"apple\": {\"appIds\": [\"wallet\"]}}}"))
                .contains("keyAttestation.android.roots: must be certificates")
                .contains("keyAttestation.android.packages[0]: must be the name")
                .contains("keyAttestation.android.signatureDigests[0]: must be a SHA-256")
                .contains("keyAttestation.android.revokedCertificates[0]: must be a serial number")
                .contains("keyAttestation.apple.roots: is required")
                .contains("keyAttestation.apple.appIds[0]: must be an App ID");
        assertThat(refusal("{\"keyAttestation\": {\"apple\": {}}}"))
                .contains("keyAttestation.apple.appIds: is required");
    }

    @Test
    void the_name_of_an_app_counts_with_its_signer_only() throws IOException {
        var missing = "keyAttestation.android.signatureDigests: is required with packages";
        var packages = "{\"keyAttestation\": {\"android\": {\"packages\": [\"com.example.wallet\"]%s}}}";
        assertThat(refusal(packages.formatted(""))).contains(missing);
        assertThat(refusal(packages.formatted(", \"signatureDigests\": []"))).contains(missing);
        assertThat(refusal(packages.formatted(", \"signatureDigests\": [\"" + "0".repeat(64) + "\"]")))
                .contains("keyAttestation.android.roots: is required")
                .doesNotContain("is required with packages");
    }

    @Test
    void an_open_door_for_all_apps_is_told() throws IOException {
        var ready = Files.readString(ROOT.resolve("config/tenants/wallet-acme.json"));
        assertThat(warnings(ready, "{\"apple\": {\"roots\": %s, \"appIds\": [\"ABCDE12345.com.example.wallet\"]}}"))
                .isEmpty();
        assertThat(warnings(ready, "{\"android\": {\"roots\": %s}}"))
                .singleElement()
                .asString()
                .contains("keyAttestation.android.signatureDigests: is missing, and packages too");
        assertThat(warnings(
                        ready, "{\"android\": {\"roots\": %s, \"signatureDigests\": [\"" + "0".repeat(64) + "\"]}}"))
                .isEmpty();
    }

    /** @param keyAttestation with a place for the roots */
    private List<String> warnings(String ready, String keyAttestation) throws IOException {
        var json = ready.strip();
        var file = Files.writeString(
                folder.resolve("wallet-acme.json"),
                json.substring(0, json.length() - 1) + ", \"keyAttestation\": "
                        + keyAttestation.formatted("\"" + TestMaker.rootPem().replace("\n", "\\n") + "\"") + "}");
        return WalletConfiguration.read(file, CONTEXT, ENVIRONMENT).warnings();
    }

    /** Of the console: those of the signer's are none here. */
    @Test
    void a_person_has_roles_of_this_product_only() throws IOException {
        var person = "{\"console\": {\"users\": [{\"name\": \"somebody\", \"roles\": [\"%s\"]}]}}";
        for (var role : List.of("operator", "auditor")) {
            assertThat(refusal(person.formatted(role))).doesNotContain("roles");
        }
        for (var role : List.of("support", "user", "metrics")) {
            assertThat(refusal(person.formatted(role))).contains("console.users[0].roles");
        }
    }

    @Test
    void the_document_names_every_key_and_no_other() throws IOException {
        var known = new TreeSet<>(
                ConfigurationKeys.known(
                        refusal(
                                "{\"?\": 1, \"datasource\": {}, \"nonces\": {\"?\": 1}, \"invitations\": {\"?\": 1}, \"proofs\": {\"?\": 1}, \"keys\": {\"?\": 1}, \"hsm\": {\"?\": 1}, \"aws\": {\"?\": 1}, \"keyAttestation\": {\"?\": 1, \"android\": {\"?\": 1}, \"apple\": {\"?\": 1}}}")));
        known.removeAll(COMMON);
        assertThat(known).contains("issuer", "keys.rotationInDays");
        assertThat(ConfigurationKeys.documented(ROOT, "## Keys of a wallet provider", "## Example"))
                .isEqualTo(known);
    }
}
