package org.countersign.ds.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.wiring.ConfigurationKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DsConfigurationTest {

    private static final Path ROOT = root();
    private static final ContextName CONTEXT = new ContextName("ds-acme");
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "DISTRIBUTION_DATABASE_URL", "jdbc:postgresql://127.0.0.1/ds",
            "DISTRIBUTION_DATABASE_USER", "countersign",
            "DISTRIBUTION_DATABASE_PASSWORD", "x",
            "DISTRIBUTION_ISSUER", "https://ds.example.com/ds-acme",
            "DISTRIBUTION_OPERATOR_SECRET", "y",
            "DS_MASTER_SECRET", "a secret that is long enough for anybody");

    /** What every product's file has, which is described with the signer's. */
    private static final List<String> COMMON =
            List.of("datasource", "jpaConfig", "audit", "metrics", "ntp", "oAuthClientDetails", "loggersConfig");

    @TempDir
    Path folder;

    private static Path root() {
        var path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("countersign"))) {
            path = path.getParent();
        }
        return path;
    }

    private String refusal(String json, Map<String, String> environment) throws IOException {
        var file = Files.writeString(folder.resolve("ds-acme.json"), json);
        return catchThrowableOfType(
                        ConfigurationException.class, () -> DsConfiguration.read(file, CONTEXT, environment))
                .getMessage();
    }

    @Test
    void the_ready_to_run_file_is_accepted_without_a_warning() {
        var configuration = DsConfiguration.read(ROOT.resolve("config/tenants/ds-acme.json"), CONTEXT, ENVIRONMENT);
        assertThat(configuration.warnings()).isEmpty();
        assertThat(configuration.issuer()).hasToString("https://ds.example.com/ds-acme");
        assertThat(configuration.common().clients()).hasSize(1);
    }

    @Test
    void the_sample_of_the_package_is_accepted_without_a_warning() throws IOException {
        var sample = folder.resolve("ds-company-a.json");
        Files.copy(ROOT.resolve("packages/ds/sample/ds-company-a.json"), sample);
        var configuration = DsConfiguration.read(
                sample,
                new ContextName("ds-company-a"),
                Map.of(
                        "DS_A_DATABASE_URL", "jdbc:postgresql://127.0.0.1/ds",
                        "DS_A_DATABASE_USER", "ds",
                        "DS_A_DATABASE_PASSWORD", "x",
                        "DS_A_OPERATOR_SECRET", "y",
                        "DS_MASTER_SECRET", "a secret that is long enough for anybody"));
        assertThat(configuration.warnings()).isEmpty();
    }

    @Test
    void an_issuer_that_is_no_address_of_a_context_is_an_error() throws IOException {
        var json = Files.readString(ROOT.resolve("config/tenants/ds-acme.json"));
        for (var wrong : List.of("ds.example.com", "https://ds.example.com/ds-acme/", "https://ds.example.com/?a=b")) {
            var environment = new HashMap<>(ENVIRONMENT);
            environment.put("DISTRIBUTION_ISSUER", wrong);
            assertThat(refusal(json, environment)).contains("issuer: must be the context's address");
        }
    }

    @Test
    void users_of_the_console_are_checked() throws IOException {
        var good = "$argon2id$v=19$m=19456,t=2,p=1$duVnUfsm5u2BGB2nhE2BVQ$BMKjnE7TlX3QonXYQKuqGPpiO00Gm+XzadRBpZGdvDA";
        var message =
                refusal("""
                {"console": {"users": [
                  {"name": "anna", "roles": ["operator", "king"], "passwordHash": "a password"},
                  {"name": "a b", "roles": [], "passwordHash": "GOOD"},
                  {"name": "anna", "roles": ["auditor"], "passwordHash": "COSTLY"},
                  {"roles": ["auditor"]}
                ]}}
                """.replace("GOOD", good).replace("COSTLY", good.replace("m=19456", "m=1000000")), ENVIRONMENT);
        assertThat(message)
                .contains("console.users[0].roles: must be some of operator, support and auditor")
                .contains("console.users[0].passwordHash: must be what \"countersign password\" prints")
                .contains("console.users[1].name: must have 1 to 64 letters")
                .contains("console.users[1].roles: must be some of operator, support and auditor")
                .contains("console.users[2].name: is the same as an earlier user's")
                .contains("console.users[2].passwordHash: must be what")
                .contains("console.users[3].name: is required")
                .contains("console.users[3].passwordHash: is required")
                .doesNotContain("console.users[1].passwordHash")
                .doesNotContain("a password");
    }

    @Test
    void an_openid_provider_of_the_console_is_checked() throws IOException {
        assertThat(refusal("""
                {"console": {"openId": {"issuer": "http://op.example.com", "scope": "profile", "roles": {}}}}
                """, ENVIRONMENT))
                .contains("console.openId.issuer: must be an address that begins with https://")
                .contains("console.openId.clientId: is required")
                .contains("console.openId.clientSecret: is required")
                .contains("console.openId.scope: must have openid among its words")
                .contains("console.openId.roles.operator: or another role needs a value");
    }

    @Test
    void a_header_with_certificates_needs_who_is_trusted_with_it() throws IOException {
        var json = Files.readString(ROOT.resolve("config/tenants/ds-acme.json"))
                .replace("\"issuer\":", "\"clientCertificateHeader\": \"a b\", \"issuer\":");
        assertThat(refusal(json, ENVIRONMENT))
                .contains("clientCertificateHeader: must be the name of a header")
                .contains("clientCertificateHeader: needs trustedProxies");
    }

    @Test
    void the_document_names_every_key_and_no_other() throws IOException {
        var message = refusal("""
                {"?": 1, "datasource": {}, "releases": {"?": 1}, "loopback": {"?": 1}, "tokens": {"?": 1},
                 "keys": {"?": 1}, "apiKeys": {"?": 1}, "sync": {"?": 1}, "retention": {"?": 1},
                 "trustedIssuers": [{"?": 1}], "console": {"?": 1, "users": [{"?": 1}],
                 "openId": {"?": 1, "roles": {"?": 1}}}}
                """, ENVIRONMENT);
        var known = new TreeSet<>(ConfigurationKeys.known(message));
        known.removeAll(COMMON);
        assertThat(known).contains("issuer", "tokens.algorithm");
        assertThat(ConfigurationKeys.documented(
                        ROOT, "## Keys of a distribution service", "## Keys of a wallet provider"))
                .isEqualTo(known);
    }
}
