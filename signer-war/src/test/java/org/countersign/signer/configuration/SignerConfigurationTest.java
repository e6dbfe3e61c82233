package org.countersign.signer.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.server.logging.LoggerSettings;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.tenancy.ContextName;
import org.countersign.server.wiring.ConfigurationKeys;
import org.countersign.signer.configuration.EnrolmentSettings.Subjects;
import org.countersign.signer.documents.SigningSeat;
import org.countersign.signer.enrolment.TestAuthority;
import org.countersign.signer.factors.Factor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignerConfigurationTest {

    private static final ContextName CONTEXT = new ContextName("signer-acme");
    private static final String KEY = "k".repeat(32);
    private static final Map<String, String> SECRETS = Map.of("SIGNER_SAD_KEY", KEY, "SIGNER_MASTER_SECRET", KEY);
    private static final Path ROOT = root();

    /**
     * The example of the product this one follows, word for word: comments, and strings that go on in the next line. Only
     * the {@code |} behind its last brace, a mark of the page it stands on, is left out.
     */
    private static final String SEED = seed();

    @TempDir
    Path folder;

    private static Path root() {
        var path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("countersign"))) {
            path = path.getParent();
        }
        return path;
    }

    private static String seed() {
        try {
            return Files.readString(ROOT.resolve("system-tests/src/test/resources/seed-example.json"));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
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
        assertThat(configuration.common().clients()).hasSize(2);
        assertThat(configuration.authorizations().find("pin-otp").orElseThrow().factors())
                .containsExactlyInAnyOrder(Factor.PIN, Factor.OTP);
        assertThat(configuration.vaults().hsm().orElseThrow().folder()).contains(ROOT.resolve("config/keys"));
        assertThat(configuration.common().anchorFolder()).isEqualTo(ROOT.resolve("config/audit-anchor/signer-acme"));
    }

    @Test
    void the_seeds_own_example_is_accepted_and_its_warnings_say_what_replaces_what() throws IOException {
        var configuration = read(SEED, SECRETS);
        assertThat(configuration.common().database().url())
                .isEqualTo("jdbc:postgresql://alison-serve.verisur:5432/alison-server-db");
        assertThat(configuration.common().tenants()).containsExactlyInAnyOrder("tenantA", "tenantB");
        assertThat(configuration.common().clients()).hasSize(4);
        assertThat(configuration
                        .common()
                        .clients()
                        .get(0)
                        .registration()
                        .authorities()
                        .groups())
                .containsExactlyInAnyOrder(ApiGroup.SIGNER, ApiGroup.LISTER);
        assertThat(configuration.authorizations().all()).hasSize(3);
        assertThat(configuration.common().ntp()).isEmpty();
        assertThat(configuration.common().loggers().stream().map(LoggerSettings::category))
                .containsExactly("org.countersign.server", "org.countersign.signer");
        assertThat(configuration.common().loggers().stream().map(LoggerSettings::file))
                .containsExactly(
                        folder.resolve("log/signer-acme/alison-server-common-general-exceptions.log"),
                        folder.resolve("log/signer-acme/alison-server-application.log"));
        assertThat(configuration.validationBypass()).isFalse();
        assertThat(configuration.warnings())
                .containsExactlyInAnyOrder(
                        "jpaConfig: is not used: the schema belongs to the versioned migrations; take it out",
                        "loggersConfig[0].name: com.certisur.common was a category of the former product;"
                                + " org.countersign.server replaces it and is written to this file",
                        "loggersConfig[1].name: com.certisur.alison.server was a category of the former product;"
                                + " org.countersign.signer replaces it and is written to this file",
                        "tenants[0].trustAnchors: is empty: no certificate will be accepted for this tenant",
                        "tenants[1].trustAnchors: is empty: no certificate will be accepted for this tenant",
                        "didProperties.clientSecret: is short: who knows it answers for holders; take 16 random"
                                + " characters or more");
        assertThat(configuration.gateway().orElseThrow().answerTime()).hasMinutes(5);
    }

    /** What the seed describes outside of its example. */
    @Test
    void the_seeds_other_keys_are_accepted_too() throws IOException {
        var configuration = read("""
                {
                  "datasource": {"jndiName": "java:/x"},
                  "tenants": [{"name": "acme", "groups": ["a", "b"], "securityPolicy": {"any": "thing"}}],
                  "hsm": {"type": "homo", "folder": "/alison-server/hsm"},
                  "ntp": {"url": "time.google.com", "timeoutInSeconds": 2, "syncTimeInMinutes": 1},
                  "aws": {"enabled": true}
                }
                """, SECRETS);
        assertThat(configuration.common().ntp().orElseThrow().host()).isEqualTo("time.google.com");
        assertThat(configuration.vaults().hsm().orElseThrow().folder()).contains(Path.of("/alison-server/hsm"));
        assertThat(configuration.warnings())
                .containsExactlyInAnyOrder(
                        "tenants[0].groups: is not used: this version keeps no groups apart; a tenant for each replaces"
                                + " them",
                        "tenants[0].securityPolicy: is not used: authorizationConfigurations and trustAnchors replace"
                                + " it",
                        "tenants[0].trustAnchors: is empty: no certificate will be accepted for this tenant",
                        "aws.enabled: changes nothing: hsm.type kms alone uses Amazon's services");
    }

    @Test
    void a_vault_of_the_key_management_service_says_which_key_and_how_it_is_reached() throws IOException {
        var rest = "{\"datasource\": {\"jndiName\": \"java:/x\"}, \"tenants\": [{\"name\": \"acme\"}], ";
        var read = read(
                rest + "\"hsm\": {\"type\": \"kms\", \"keyId\": \"alias/keys\", \"dataKeysInSeconds\": 60},"
                        + " \"aws\": {\"enabled\": true, \"region\": \"eu-central-1\", \"endpoint\":"
                        + " \"https://kms.example.com\"}}",
                SECRETS);
        var kms = read.vaults().hsm().orElseThrow().kms().orElseThrow();
        assertThat(kms.keyId()).isEqualTo("alias/keys");
        assertThat(kms.dataKeyLife()).hasMinutes(1);
        assertThat(kms.patience()).hasSeconds(5);
        assertThat(read.vaults().hsm().orElseThrow().folder()).isEmpty();
        assertThat(read.vaults().aws().orElseThrow().accessKey()).isEmpty();
        assertThat(read.vaults().aws().orElseThrow().endpoint()).hasValue(URI.create("https://kms.example.com"));

        assertThat(refusal("{\"hsm\": {\"type\": \"kms\", \"folder\": \"x\"}}", SECRETS))
                .contains("hsm.keyId: is required", "aws.enabled: must be true, hsm.type being kms");
        assertThat(refusal(
                        "{\"hsm\": {\"type\": \"kms\", \"keyId\": \"a key\"}, \"aws\": {\"enabled\": true,"
                                + " \"endpoint\": \"http://kms.example.com\", \"accessKeyId\": \"AKIA\"}}",
                        SECRETS))
                .contains(
                        "hsm.keyId: must be the identifier of a key, its ARN, or an alias (alias/NAME)",
                        "aws.region: is required, such as eu-central-1",
                        "aws.endpoint: must be an https address; http is for this machine alone: data keys come over it",
                        "aws.accessKeyId: and secretAccessKey go together");
        assertThat(refusal("{\"aws\": {\"secretAccessKey\": \"in clear\", \"sessionToken\": \"t\"}}", SECRETS))
                .contains(
                        "aws.secretAccessKey: must not stand in the file: use ${env:NAME} or ${file:PATH}",
                        "aws.sessionToken: needs accessKeyId and secretAccessKey")
                .doesNotContain("in clear");
    }

    @Test
    void approval_by_the_holder_needs_a_gateway_and_another_factor() throws IOException {
        var push = "\"authorizationConfigurations\": [{\"id\": \"p\", \"factors\": [%s]}]";
        assertThat(refusal("{" + push.formatted("\"PIN\", \"PUSH\"") + "}", SECRETS))
                .contains("didProperties: is required, a configuration's factors having PUSH");
        assertThat(refusal("{" + push.formatted("\"PUSH\"") + "}", SECRETS))
                .contains(
                        "authorizationConfigurations[0].factors: needs PIN or OTP beside PUSH: holders act by them, too");
        assertThat(refusal(
                        "{\"authorizationConfigurations\": [{\"id\": \"p\", \"factors\": [\"PIN\", \"PUSH\"], \"scal\": 1}]}",
                        SECRETS))
                .contains("authorizationConfigurations[0].scal: must be 2 with PUSH");
        assertThat(refusal(
                        "{" + push.formatted("\"PIN\", \"PUSH\"") + ", \"didProperties\": {\"url\":"
                                + " \"https://gateway.example.com\", \"clientId\": \"a\", \"clientSecret\": \"short\"}}",
                        SECRETS))
                .contains("didProperties.clientSecret: is short");
        assertThat(refusal(
                        "{\"didProperties\": {\"url\": \"http://gateway.example.com/x\", \"clientId\": \"a:b\","
                                + " \"timeoutInSeconds\": 5, \"pushApproveTextTemplate\": \"${CODE} ${PIN}\","
                                + " \"pushMessageTextTemplate\": \"no code\"}}",
                        SECRETS))
                .contains(
                        "didProperties.url: must be an https address without a slash at its end",
                        "didProperties.clientId: must have no colon",
                        "didProperties.clientSecret: is required",
                        "didProperties.timeoutInSeconds: must be a whole number from 10 to 3600",
                        "didProperties.pushApproveTextTemplate: has unknown names CODE, PIN (known here: CLIENT,",
                        "didProperties.pushMessageTextTemplate: must have ${CODE}");
    }

    @Test
    void codes_that_are_sent_need_a_gateway_and_an_otp() throws IOException {
        var sent = "\"authorizationConfigurations\": [{\"id\": \"c\", \"factors\": [%s], \"otpDelivery\": \"%s\"}]";
        assertThat(refusal("{" + sent.formatted("\"PIN\", \"OTP\"", "gateway") + "}", SECRETS))
                .contains("didProperties: is required, a configuration's otpDelivery being gateway");
        assertThat(refusal("{" + sent.formatted("\"PIN\"", "gateway") + "}", SECRETS))
                .contains("authorizationConfigurations[0].otpDelivery: is for configurations whose factors have OTP")
                .doesNotContain("didProperties");
        assertThat(refusal("{" + sent.formatted("\"OTP\", \"PUSH\"", "gateway") + "}", SECRETS))
                .contains("authorizationConfigurations[0].otpDelivery: must be authenticator with PUSH");
        assertThat(refusal("{" + sent.formatted("\"OTP\", \"PUSH\"", "authenticator") + "}", SECRETS))
                .doesNotContain("otpDelivery");
        assertThat(refusal("{" + sent.formatted("\"OTP\"", "sms") + "}", SECRETS))
                .contains("authorizationConfigurations[0].otpDelivery: must be one of authenticator, gateway");
        assertThat(refusal(
                        "{\"oneTimeCodes\": {\"validityInSeconds\": 29, \"digits\": 5, \"pauseInSeconds\": 0,"
                                + " \"perHour\": 0}}",
                        SECRETS))
                .contains(
                        "oneTimeCodes.validityInSeconds: must be a whole number from 30 to 3600",
                        "oneTimeCodes.digits: must be a whole number from 6 to 8",
                        "oneTimeCodes.pauseInSeconds: must be a whole number from 1 to 3600",
                        "oneTimeCodes.perHour: must be a whole number from 1 to 1000");
        var rest = ", \"datasource\": {\"jndiName\": \"java:/x\"}, \"tenants\": [{\"name\": \"acme\"}],"
                + " \"didProperties\": {\"url\": \"https://gateway.example.com\", \"clientId\": \"a\","
                + " \"clientSecret\": \"0123456789abcdef\"}}";
        var authenticator = read("{" + sent.formatted("\"OTP\"", "authenticator") + rest, SECRETS);
        assertThat(authenticator.authorizations().anySendsCodes()).isFalse();
        var gateway = read("{" + sent.formatted("\"OTP\"", "gateway") + rest, SECRETS);
        assertThat(gateway.authorizations().of("c").asksForSentCode()).isTrue();
        assertThat(gateway.authorizations().of("c").asksForAuthenticator()).isFalse();
        assertThat(gateway.codes()).isEqualTo(new CodeSettings(Duration.ofMinutes(5), 6, Duration.ofSeconds(30), 10));
    }

    private static String pem(X509Certificate certificate) throws CertificateEncodingException {
        return "-----BEGIN CERTIFICATE-----\\n"
                + Base64.getMimeEncoder()
                        .encodeToString(certificate.getEncoded())
                        .replace("\r\n", "\\n")
                + "\\n-----END CERTIFICATE-----";
    }

    /** Neither vouches for the other. */
    @Test
    void a_tenant_judges_by_what_it_trusts_itself() throws Exception {
        var anchor = SigningSeat.root();
        var configuration = read("""
                {
                  "datasource": {"url": "jdbc:postgresql://x/x", "username": "u", "password": "p"},
                  "hsm": {"type": "homo", "folder": "/x"},
                  "tenants": [{"name": "one", "trustAnchors": ["@PEM@"]}, {"name": "two"}]
                }
                """.replace("@PEM@", pem(anchor)), SECRETS);
        assertThat(configuration.judgesBy(Set.of("one"))).containsExactly(anchor);
        assertThat(configuration.judgesBy(Set.of("two", "gone"))).isEmpty();
        assertThat(configuration.stampedBy()).isEmpty();
    }

    @Test
    void validation_is_bypassed_for_demonstration_tenants_only_and_never_silently() throws IOException {
        var rest = "\"datasource\": {\"jndiName\": \"java:/x\"}, \"enableCredentialValidationBypass\": true,";
        assertThat(refusal("{" + rest + "\"tenants\": [{\"name\": \"acme\"}]}", SECRETS))
                .contains("enableCredentialValidationBypass: is for demonstration tenants, and there is none");
        var bypassed = read("{" + rest + "\"tenants\": [{\"name\": \"acme\", \"demonstration\": true}]}", SECRETS);
        assertThat(bypassed.validationBypass()).isTrue();
        assertThat(bypassed.warnings())
                .containsExactly("enableCredentialValidationBypass: is on: demonstration tenants sign with invalid"
                        + " certificates");
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
                        "hsm.type: must be one of test, homo, kms, pkcs11",
                        "hsm.folder: is required",
                        "tenants[0].name: ",
                        "tenants[1].trustAnchors: must be certificates in PEM",
                        "authorizationConfigurations[0].factors: may have PIN, OTP and PUSH",
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
    void a_token_needs_library_label_and_a_pin_that_does_not_stand_in_the_file() throws IOException {
        var rest = "\"datasource\": {\"jndiName\": \"java:/x\"}, \"tenants\": [{\"name\": \"acme\"}]";
        var complete = "{\"hsm\": {\"type\": \"pkcs11\", \"library\": \"/usr/lib/vendor.so\", \"tokenLabel\": \"acme\","
                + " \"pin\": \"${env:ACME_TOKEN_PIN}\"}, " + rest + "}";
        var environment = new HashMap<>(SECRETS);
        environment.put("ACME_TOKEN_PIN", "hunter2");

        var token =
                read(complete, environment).vaults().hsm().orElseThrow().token().orElseThrow();

        assertThat(token.library()).isEqualTo(Path.of("/usr/lib/vendor.so"));
        assertThat(token.label()).isEqualTo("acme");
        assertThat(token.pin()).isEqualTo("hunter2");
        assertThat(token.sessions()).isEqualTo(8);
        assertThat(token.patience()).isEqualTo(Duration.ofSeconds(60));
        assertThat(refusal(complete, SECRETS)).contains("hsm.pin: environment variable ACME_TOKEN_PIN is missing");
        assertThat(refusal("{\"hsm\": {\"type\": \"pkcs11\"}, " + rest + "}", SECRETS))
                .contains("hsm.library: is required", "hsm.tokenLabel: is required", "hsm.pin: is required");
        assertThat(refusal(
                        "{\"hsm\": {\"type\": \"pkcs11\", \"library\": \"vendor.so\", \"tokenLabel\": \""
                                + "x".repeat(33) + "\", \"pin\": \"hunter2\", \"sessions\": 0}, " + rest + "}",
                        SECRETS))
                .doesNotContain("hunter2")
                .contains(
                        "hsm.library: must be a full path",
                        "hsm.tokenLabel: must have 32 bytes at most",
                        "hsm.pin: must not stand in the file",
                        "hsm.sessions: must be a whole number from 1 to 64");
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

    @Test
    void what_is_told_of_the_service_is_checked() throws IOException {
        assertThat(refusal(
                        "{\"csc\": {\"name\": \"\", \"description\": \"" + "x".repeat(256) + "\", \"region\": \"EU\","
                                + " \"logo\": \"logo.png\", \"address\": \"https://signer.example.com/\"}}",
                        SECRETS))
                .contains("csc.name: must have 1 to 255 characters")
                .contains("csc.description: must have 1 to 255 characters")
                .contains("csc.region: must be a country's code of two capitals (ISO 3166-1)")
                .contains("csc.logo: must be an http or https address without a slash at its end")
                .contains("csc.address: must be an http or https address without a slash at its end");
        assertThat(read(SEED, SECRETS).csc().address()).isEmpty();
        assertThat(read(SEED, SECRETS).csc().creation()).isEmpty();
    }

    @Test
    void what_clients_create_is_checked() {
        assertThat(refusal(
                        "{\"csc\": {\"creation\": {\"keyAlgorithm\": \"DSA\", \"certificatePolicy\": \"1.02\"}}}",
                        SECRETS))
                .contains("csc.creation.authorizationConfigurationId: is required")
                .contains("csc.creation.certificatePolicy: must be an OID")
                .contains("csc.creation.keyAlgorithm: with keyLength or curve: Unsupported keyAlgorithm");
        assertThat(refusal("{\"csc\": {\"creation\": {\"authorizationConfigurationId\": \"pin\"}}}", SECRETS))
                .contains("csc.creation: is for tenants with an enrolment, and there is none");
        assertThat(refusal("{\"csc\": {\"creation\": {\"authorizationConfigurationId\": \"pin-otp\"}}}", SECRETS))
                .contains("csc.creation.authorizationConfigurationId: must not have the OTP of an authenticator");
        assertThat(refusal("{\"csc\": {\"creation\": {\"authorizationConfigurationId\": \"none\"}}}", SECRETS))
                .contains("csc.creation.authorizationConfigurationId: must be one of authorizationConfigurations");
    }

    @Test
    void a_time_stamping_authority_is_named_whole() throws IOException {
        assertThat(refusal(
                        "{\"timestampAuthority\": {\"url\": \"https://me@tsa.example.com\", \"username\": \"a:b\","
                                + " \"policy\": \"none\", \"timeoutInSeconds\": 0}}",
                        SECRETS))
                .contains("timestampAuthority.url: must be an http or https address without a user's name")
                .contains("timestampAuthority.username: and password go together")
                .contains("timestampAuthority.username: must have no colon (RFC 7617)")
                .contains("timestampAuthority.policy: must be an object identifier, such as 1.3.6.1.4.1.4146.2.3")
                .contains("timestampAuthority.trustAnchors: must be one or more certificates in PEM")
                .contains("timestampAuthority.timeoutInSeconds: must be a whole number from 1 to 60");
        assertThat(refusal("{\"timestampAuthority\": {}}", SECRETS)).contains("timestampAuthority.url: is required");
        assertThat(refusal(
                        "{\"timestampAuthority\": {\"url\": \"http://tsa.example.com\", \"username\": \"a\","
                                + " \"password\": \"b\"}}",
                        SECRETS))
                .contains("timestampAuthority.url: must be https where a password goes with it");
        assertThat(read(SEED, SECRETS).timestampAuthority()).isEmpty();
    }

    private static String tenants(String enrolment) {
        return "{\"tenants\": [{\"name\": \"acme\", \"enrolment\": {" + enrolment + "}}]}";
    }

    @Test
    void an_authority_for_enrolment_is_named_whole() throws Exception {
        var prefix = "tenants[0].enrolment.";
        assertThat(refusal(
                        tenants("\"type\": \"scep\", \"url\": \"http://ca.example.com\", \"label\": \"cacerts\","
                                + " \"username\": \"a:b\", \"subjects\": \"all\", \"timeoutInSeconds\": 61"),
                        SECRETS))
                .contains(prefix + "type: must be one of est")
                .contains(prefix + "url: must be https://HOST or https://HOST:PORT, without a path")
                .contains(prefix + "label: must have 1 to 64 letters")
                .contains(prefix + "username: and password go together")
                .contains(prefix + "username: must have no colon (RFC 7617)")
                .contains(prefix + "subjects: must be one of seat, any")
                .contains(prefix + "timeoutInSeconds: must be a whole number from 1 to 60");
        assertThat(refusal(tenants("\"url\": \"https://ca.example.com/est\", \"label\": \"a/b\""), SECRETS))
                .contains(prefix + "url: must be https://HOST")
                .contains(prefix + "label: must have 1 to 64 letters")
                .contains(prefix + "username: with password, or clientCertificate with clientKey, is required");
        assertThat(refusal(tenants("\"url\": \"https://me@ca.example.com\""), SECRETS))
                .contains(prefix + "url: must be https://HOST");
        assertThat(refusal(tenants("\"url\": \"https://ca.example.com\""), SECRETS))
                .contains(prefix + "trustAnchors: must be one or more certificates in PEM");
        assertThat(refusal(tenants(""), SECRETS)).contains(prefix + "url: is required");
        assertThat(refusal(
                        tenants("\"url\": \"http://127.0.0.1:1\", \"username\": \"ra\", \"password\": \"${env:NONE}\""),
                        SECRETS))
                .contains(prefix + "password: environment variable NONE is missing or empty")
                .doesNotContain(prefix + "url", prefix + "trustAnchors");
    }

    @Test
    void the_authority_for_enrolment_is_shown_a_certificate_of_the_key_that_goes_with_it() throws Exception {
        var authority = new TestAuthority("Authority");
        var keys = TestAuthority.keys();
        var environment = new HashMap<>(SECRETS);
        environment.put("CERTIFICATE", pem(authority.issue("ra", keys)).replace("\\n", "\n"));
        environment.put(
                "CHAIN",
                environment.get("CERTIFICATE") + "\n"
                        + pem(authority.certificate).replace("\\n", "\n"));
        environment.put(
                "WRONG", pem(authority.certificate).replace("\\n", "\n") + "\n" + environment.get("CERTIFICATE"));
        environment.put("KEY", pkcs8(keys));
        environment.put("OTHER", pkcs8(TestAuthority.keys()));
        var enrolment = "\"url\": \"https://ca.example.com:8443\", \"label\": \"acme\", \"trustAnchors\": [\""
                + pem(authority.certificate)
                + "\"], \"clientCertificate\": \"%s\", \"clientKey\": \"%s\"";
        var whole = SEED.replaceFirst(
                "\"name\": *\"tenantA\",",
                "\"name\": \"tenantA\", \"enrolment\": {"
                        + java.util.regex.Matcher.quoteReplacement(enrolment.formatted("${env:CHAIN}", "${env:KEY}"))
                        + "},");
        var settings =
                read(whole, environment).tenants().get("tenantA").enrolment().orElseThrow();
        assertThat(settings.base()).isEqualTo(URI.create("https://ca.example.com:8443/.well-known/est/acme"));
        assertThat(settings.identity().orElseThrow().chain()).hasSize(2);
        assertThat(settings.authorization()).isEmpty();
        assertThat(settings.subjects()).isEqualTo(Subjects.SEAT);
        assertThat(settings.patience()).hasSeconds(30);
        assertThat(settings.trustAnchors()).containsExactly(authority.certificate);
        assertThat(settings.toString()).isEqualTo("https://ca.example.com:8443/.well-known/est/acme");

        var prefix = "tenants[0].enrolment.client";
        assertThat(refusal(tenants(enrolment.formatted("${env:CERTIFICATE}", "${env:OTHER}")), environment))
                .contains(prefix + "Certificate: must begin with the certificate of clientKey");
        assertThat(refusal(tenants(enrolment.formatted("${env:WRONG}", "${env:KEY}")), environment))
                .contains(prefix + "Certificate: must begin with the certificate of clientKey");
        assertThat(refusal(tenants(enrolment.formatted("${env:KEY}", "${env:KEY}")), environment))
                .contains(prefix + "Certificate: must be certificates in PEM");
        assertThat(refusal(tenants(enrolment.formatted("${env:CERTIFICATE}", "in place")), environment))
                .contains(prefix + "Key: must be ${env:NAME} or ${file:PATH}");
        assertThat(refusal(
                        tenants(enrolment.formatted("${env:CERTIFICATE}", "").replace(", \"clientKey\": \"\"", "")),
                        environment))
                .contains(prefix + "Certificate: and clientKey go together");
    }

    private static String pkcs8(KeyPair keys) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    @Test
    void a_default_scope_is_a_seat_of_the_clients_tenants() {
        var client = "{\"clientId\": \"a\", \"clientSecret\": \"b\", \"authorizedGrantTypes\": \"client_credentials\","
                + " \"authorities\": \"trustLevel:trustedClient,apiGroup:signer,tenantName:acme\", \"defaultScope\": \"%s\"}";
        for (var scope : new String[] {"seat:jdoe@globex", "jdoe", "tenant:acme"}) {
            assertThat(refusal(
                            "{\"tenants\": [{\"name\": \"acme\"}, {\"name\": \"globex\"}], \"oAuthClientDetails\": ["
                                    + client.formatted(scope) + "]}",
                            SECRETS))
                    .contains(
                            "oAuthClientDetails[0].defaultScope: must be seat:NAME@TENANT, of one of the client's tenants");
        }
    }

    @Test
    void the_wizard_has_one_tenant_one_client_and_one_way_in() {
        var user =
                "{\"name\": \"jdoe\", \"passwordHash\": \"$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\", \"roles\": [\"signer\"]%s}";
        var tenants = "{\"tenants\": [{\"name\": \"acme\"}], \"wizard\": {%s}}";
        var openId =
                "\"openId\": {\"issuer\": \"https://op.example.com\", \"clientId\": \"a\", \"clientSecret\": \"b\","
                        + " \"roles\": {\"signer\": [\"staff\"]}}";
        var issuer = "\"issuer\": \"https://sign.example.com/signer-acme\", ";
        var own = "\"tenant\": \"acme\", \"clientId\": \"acme\", ";
        assertThat(refusal(tenants.formatted(""), SECRETS))
                .contains("wizard.tenant: is required")
                .contains("wizard.clientId: is required")
                .contains("wizard.users: or openId is required, and not both");
        assertThat(refusal(tenants.formatted("\"tenant\": \"other\""), SECRETS))
                .contains("wizard.tenant: must be one of the tenants");
        var users = "\"users\": [" + user.formatted("") + "]";
        assertThat(refusal(tenants.formatted(own + users), SECRETS)).contains("wizard.issuer: is required");
        assertThat(refusal(tenants.formatted(own + openId), SECRETS)).contains("wizard.issuer: is required");
        assertThat(refusal(tenants.formatted(own + issuer + users + ", " + openId), SECRETS))
                .contains("wizard.users: or openId is required, and not both");
        assertThat(refusal(tenants.formatted(own + issuer + users + ", \"serverAccounts\": true"), SECRETS))
                .contains("wizard.serverAccounts: is not for holders");
        assertThat(refusal(tenants.formatted(own + issuer + users.replace("[\"signer", "[\"oAuthAdmin")), SECRETS))
                .contains("wizard.users[0].roles: must be some of signer, lister and generator");
        for (var good : List.of(
                issuer + users, issuer + openId, "\"users\": [" + user.formatted(", \"demonstration\": true") + "]")) {
            assertThat(refusal(tenants.formatted(own + good), SECRETS)).doesNotContain("wizard");
        }
    }

    /** The document and the code know the same keys: a file of unknown keys makes the code name all of its own. */
    @Test
    void the_document_names_every_key_and_no_other() {
        var message = refusal("""
                {"?": 1, "datasource": {"?": 1}, "jpaConfig": {"?": 1}, "hsm": {"?": 1}, "audit": {"?": 1},
                 "metrics": {"?": 1}, "pinDerivation": {"?": 1}, "clientThrottle": {"?": 1},
                 "tenants": [{"?": 1, "enrolment": {"?": 1}}],
                 "authorizationConfigurations": [{"?": 1, "pinPolicy": {"?": 1}}], "oAuthClientDetails": [{"?": 1}],
                 "loggersConfig": [{"?": 1}], "ntp": {"?": 1}, "didProperties": {"?": 1}, "oneTimeCodes": {"?": 1}, "aws": {"?": 1},
                 "connectorTokens": {"?": 1}, "csc": {"?": 1, "creation": {"?": 1}}, "timestampAuthority": {"?": 1}, "documents": {"?": 1},
                 "wizard": {"?": 1, "users": [{"?": 1}], "openId": {"?": 1, "roles": {"?": 1}}}}
                """, SECRETS);
        var known = ConfigurationKeys.known(message);
        assertThat(known).contains("datasource.url", "authorizationConfigurations[].pinPolicy.digitsOnly", "aws");
        assertThat(ConfigurationKeys.documented(ROOT, "## Keys", "## Keys of a distribution service"))
                .isEqualTo(known);
    }
}
