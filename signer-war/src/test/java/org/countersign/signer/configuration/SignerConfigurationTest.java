package org.countersign.signer.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.server.tenancy.ContextName;
import org.countersign.signer.factors.Factor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignerConfigurationTest {

    private static final ContextName CONTEXT = new ContextName("signer-acme");
    private static final String KEY = "k".repeat(32);
    private static final Map<String, String> SECRETS = Map.of("SIGNER_SAD_KEY", KEY, "SIGNER_MASTER_SECRET", KEY);
    private static final Path ROOT = root();

    /** The example of the product this one follows, with its comments and its lines broken within strings. */
    private static final String SEED = """
            {
            "jpaConfig": {
            "ddlAuto": "update",
            "dialect": "com.certisur.common.PostgreSQLDialectCustom"
            },
            "datasource": {
            "url": "jdbc:postgresql://alison-serve.verisur:5432/alison-server-db",
            "username": "alison-server-user",
            "password": "passwd",
            "drivername": "org.postgresql.Driver"
            },
            "loggersConfig": [
            { // Se guarda informacion todas las excepciones
            "name": "com.certisur.common",
            "fileName": "alison-server-common-general-exceptions.log",
            "level": "DEBUG"
            }
            ],
            "tenants": [
            {"name": "tenantA", "defaultWebCertificateType": "PKCS12DBWebCertificate"},
            {"name": "tenantB", "defaultWebCertificateType": "PKCS12DBWebCertificate"}
            ],
            "oAuthClientDetails": [
            { // client para acceso a token de corta validez y un solo tenant
            "clientId": "publicAppCompanyShortValidity",
            "clientSecret": "publicAppCompanyPassword",
            "authorities": "trustLevel:untrustedClient,apiGroup:signer,
            apiGroup:lister,tenantName:tenantA",
            "authorizedGrantTypes": "client_credentials",
            "accessTokenValidity": 10
            },
            {
            "clientId": "trustedAppCompanyMkilara",
            "clientSecret": "trustedAppPassword",
            "authorities": "trustLevel:trustedClient,apiGroup:lister,
            apiGroup:generator,tenantName:tenantA,tenantName:tenantB",
            "authorizedGrantTypes": "client_credentials",
            "accessTokenValidity": 3600
            },
            {
            // La contraseña debe ser compleja.
            "clientId": "oAuthAdmin",
            "clientSecret": "SUPER_PASSWORD",
            "authorities": "trustLevel:trustedClient,apiGroup:oAuthAdmin",
            "authorizedGrantTypes": "client_credentials",
            "accessTokenValidity": 0
            }
            ],
            "didProperties": {
            "url": "https://homo-alison-did-gateway.verisur:8443/did-gateway-santander",
            "clientId": "alisonServer",
            "clientSecret":"alisonServer",
            "timeoutInSeconds": 300,
            "pushApproveSubjectTemplate": "${NUMERO_DE_OPERACION}",
            "pushApproveTextTemplate": "Please confirm this operation: ${TEXTO_A_FIRMAR}",
            "pushMessageSubjectTemplate": "Notification ${NUMERO_DE_OPERACION}",
            "pushMessageTextTemplate": "Generated Code: ${CODE}"
            },
            "enableCredentialValidationBypass": false
            }
            """;

    @TempDir
    Path folder;

    private static Path root() {
        var path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("countersign"))) {
            path = path.getParent();
        }
        return path;
    }

    private SignerConfiguration read(String json, Map<String, String> environment) throws IOException {
        return SignerConfiguration.read(
                Files.writeString(folder.resolve("signer-acme.json"), json), CONTEXT, environment);
    }

    private String refusal(String json, Map<String, String> environment) {
        return catchThrowableOfType(ConfigurationException.class, () -> read(json, environment))
                .getMessage();
    }

    @Test
    void the_file_of_the_ready_to_run_tenant_is_accepted_without_a_warning() {
        var configuration = SignerConfiguration.read(
                ROOT.resolve("config/tenants/signer-acme.json"),
                CONTEXT,
                Map.of(
                        "ACME_DATABASE_URL", "jdbc:postgresql://127.0.0.1/acme",
                        "ACME_DATABASE_USER", "countersign",
                        "ACME_DATABASE_PASSWORD", "x",
                        "SIGNER_SAD_KEY_SIGNER_ACME", KEY,
                        "SIGNER_MASTER_SECRET_SIGNER_ACME", KEY));
        assertThat(configuration.warnings()).isEmpty();
        assertThat(configuration.tenants().get("acme").demonstration()).isTrue();
        assertThat(configuration.clients()).hasSize(2);
        assertThat(configuration.authorizations().find("pin-otp").orElseThrow().factors())
                .containsExactlyInAnyOrder(Factor.PIN, Factor.OTP);
        assertThat(configuration.hsm().orElseThrow().folder()).contains(ROOT.resolve("config/keys"));
        assertThat(configuration.anchorFolder()).isEqualTo(ROOT.resolve("config/audit-anchor/signer-acme"));
    }

    @Test
    void the_seeds_own_example_is_accepted_with_warnings() throws IOException {
        var configuration = read(SEED, SECRETS);
        assertThat(configuration.tenantNames()).containsExactlyInAnyOrder("tenantA", "tenantB");
        assertThat(configuration.clients()).hasSize(3);
        assertThat(configuration.authorizations().all()).hasSize(3);
        assertThat(configuration.warnings().stream().map(warning -> warning.replaceAll(":.*", "")))
                .containsExactlyInAnyOrder(
                        "jpaConfig",
                        "loggersConfig",
                        "didProperties",
                        "tenants[0].trustAnchors",
                        "tenants[1].trustAnchors");
    }

    @Test
    void ten_mistakes_come_in_one_message_that_names_keys_and_no_secret() {
        var message = refusal("""
                {
                  "datasource": {"url": "jdbc:mysql://x", "username": "u", "password": "hunter2", "pasword": "hunter2"},
                  "hsm": {"type": "hmo"},
                  "tenants": [{"name": "a b"}, {"name": "acme", "trustAnchors": ["hunter2"]}],
                  "authorizationConfigurations": [{"id": "pin", "factors": ["FACE"], "scal": 3}],
                  "oAuthClientDetails": [{"clientId": "c", "clientSecret": "hunter2",
                    "authorizedGrantTypes": "password", "authorities": "trustLevel:trustedClient,tenantName:gone"}],
                  "sadValidityInSeconds": "300",
                  "enableCredentialValidationByPass": true
                }
                """, Map.of("SIGNER_SAD_KEY", "short-hunter2"));
        assertThat(message)
                .doesNotContain("hunter2")
                .contains(
                        "datasource.url: must begin with jdbc:postgresql:",
                        "datasource.pasword: is not known; did you mean password?",
                        "hsm.type: must be one of test, homo",
                        "hsm.folder: is required",
                        "tenants[0].name: ",
                        "tenants[1].trustAnchors: must be certificates in PEM",
                        "authorizationConfigurations[0].factors: may have PIN and OTP",
                        "authorizationConfigurations[0].scal: must be a whole number from 1 to 2",
                        "oAuthClientDetails[0].authorizedGrantTypes: must be client_credentials",
                        "oAuthClientDetails[0].authorities: An authority tenantName",
                        "SAD key: is too short",
                        "master secret: is missing; expected in the environment variable"
                                + " SIGNER_MASTER_SECRET_SIGNER_ACME or SIGNER_MASTER_SECRET",
                        "sadValidityInSeconds: must be a whole number from 10 to 3600",
                        "enableCredentialValidationByPass: is not known; did you mean"
                                + " enableCredentialValidationBypass?");
    }

    @Test
    void a_name_that_is_missing_twice_is_missing_and_not_the_same() {
        assertThat(refusal("{\"tenants\": [{}, {}], \"authorizationConfigurations\": [{}, {}]}", SECRETS))
                .doesNotContain("is the same");
    }

    @Test
    void the_master_secret_must_not_stand_in_the_file_and_may_come_from_another() throws IOException {
        var rest = "\"datasource\": {\"jndiName\": \"java:/x\"}, \"tenants\": [{\"name\": \"acme\"}]";
        var sadKey = Map.of("SIGNER_SAD_KEY", KEY);
        assertThat(refusal("{\"hsm\": {\"type\": \"test\", \"masterSecret\": \"" + KEY + "\"}, " + rest + "}", sadKey))
                .contains("hsm.masterSecret: must not stand in the file")
                .doesNotContain(KEY);
        Files.writeString(folder.resolve("master"), KEY + "\n");
        var read = read("{\"hsm\": {\"type\": \"test\", \"masterSecret\": \"${file:master}\"}, " + rest + "}", sadKey);
        assertThat(read.secrets().masterSecret()).hasSize(32);
    }

    @Test
    void a_contexts_own_secret_comes_before_the_servers() throws IOException {
        var own = read(
                SEED,
                Map.of(
                        "SIGNER_SAD_KEY", KEY,
                        "SIGNER_SAD_KEY_SIGNER_ACME", "o".repeat(40),
                        "SIGNER_MASTER_SECRET", KEY));
        var shared = read(SEED, Map.of("SIGNER_SAD_KEY", "o".repeat(40), "SIGNER_MASTER_SECRET", KEY));
        assertThat(own.secrets().sadKey()).isEqualTo(shared.secrets().sadKey());
    }

    @Test
    void companies_that_share_the_servers_secrets_have_each_their_own_keys() throws IOException {
        var secrets = Map.of("SIGNER_SAD_KEY", KEY, "SIGNER_MASTER_SECRET", KEY);
        var acme = read(SEED, secrets).secrets();
        var globex = SignerConfiguration.read(
                        folder.resolve("signer-acme.json"), new ContextName("signer-globex"), secrets)
                .secrets();
        assertThat(globex.sadKey()).isNotEqualTo(acme.sadKey());
        assertThat(globex.masterSecret()).isNotEqualTo(acme.masterSecret());
        assertThat(acme.sadKey()).isNotEqualTo(acme.masterSecret());
    }

    @Test
    void a_missing_file_is_told() {
        assertThatThrownBy(() -> SignerConfiguration.read(folder.resolve("none.json"), CONTEXT, SECRETS))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("does not exist");
    }

    /** The document and the code know the same keys: a file of unknown keys makes the code name all of its own. */
    @Test
    void the_document_names_every_key_and_no_other() throws IOException {
        var message = refusal("""
                {"?": 1, "datasource": {"?": 1}, "jpaConfig": {"?": 1}, "hsm": {"?": 1}, "audit": {"?": 1},
                 "pinDerivation": {"?": 1}, "clientThrottle": {"?": 1}, "tenants": [{"?": 1}],
                 "authorizationConfigurations": [{"?": 1, "pinPolicy": {"?": 1}}], "oAuthClientDetails": [{"?": 1}]}
                """, SECRETS);
        var known = new TreeSet<String>();
        var unknown = Pattern.compile("- (?:(.+)\\.)?\\?: is not known.*\\(known here: (.*)\\)")
                .matcher(message);
        while (unknown.find()) {
            var prefix = unknown.group(1) == null ? "" : unknown.group(1).replaceAll("\\[\\d+]", "[]") + ".";
            for (var key : unknown.group(2).split(", ")) {
                known.add(prefix + key);
            }
        }
        var documented = new TreeSet<String>();
        var rows = Pattern.compile("^\\| `([A-Za-z.\\[\\]]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(ROOT.resolve("docs/configuration.md")));
        while (rows.find()) {
            documented.add(rows.group(1));
        }
        assertThat(known).contains("datasource.url", "authorizationConfigurations[].pinPolicy.digitsOnly", "aws");
        assertThat(documented).isEqualTo(known);
    }
}
