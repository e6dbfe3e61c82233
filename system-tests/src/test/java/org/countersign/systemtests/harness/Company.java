package org.countersign.systemtests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A company of the test server: its context, database, configuration and secrets.
 *
 * @param configuration makes the JSON file's content, given the project's folder
 * @param environment beside what every company has
 */
public record Company(
        String context, String database, Function<Path, String> configuration, Map<String, String> environment) {

    /** The context that "countersign up" runs, from the very same file. */
    public static final String ACME = "signer-acme";

    /** Its address as its tokens for agents name it. */
    public static final String ACME_ISSUER = "https://signer.example.com/signer-acme";

    /** Real trust anchors, two tenants, keys in a folder, short-lived SADs and low limits. */
    public static final String GLOBEX = "signer-globex";

    /** The signer of the enterprise archive. */
    public static final String IN_ARCHIVE = "signer";

    /** The archive's other contexts. */
    public static final String DS_IN_ARCHIVE = "ds";

    public static final String WALLET_IN_ARCHIVE = "wallet";

    /** Its database is reached through a pool of the application server's, made by {@link ServerPool}. */
    public static final String WITH_POOL = "signer-pool";

    /** The name of that pool and of its database. */
    public static final String POOL = "pool";

    /** A distribution service, from the ready-to-run file. */
    public static final String DS = "ds-acme";

    /** Its address as it is told to be reached by. */
    public static final String DS_ISSUER = "https://ds.example.com/ds-acme";

    /** A wallet provider, from the ready-to-run file. */
    public static final String WALLET = "wallet-acme";

    /** Its address as it is told to be reached by. */
    public static final String WALLET_ISSUER = "https://wallet.example.com/wallet-acme";

    /** Where {@link #wallet} has companies' keys. */
    public static final String COMPANY_KEYS = "keys-of-companies";

    /** The client that operates {@link #WALLET}; its secret is {@link #OPERATOR_SECRET}. */
    public static final String WALLET_OPERATOR = "walletOperator";

    /** A client of {@link #WALLET} that is not to operate it; its secret is {@link #OPERATOR_SECRET}. */
    public static final String WALLET_ADMINISTRATOR = "walletAdministrator";

    /** The client that operates {@link #DS}. */
    public static final String OPERATOR = "dsOperator";

    public static final String OPERATOR_SECRET = "secret of the operator";

    public static final String ADMINISTRATOR = "oAuthAdmin";
    public static final String ADMINISTRATOR_SECRET = "secret of the administrator";

    /** Stands where a tenant may have an authority that it asks for certificates. */
    private static final String ENROLMENT = "/* no enrolment */";

    private static final Pattern DATASOURCE = Pattern.compile("\"datasource\": \\{[^}]*}[^}]*}[^}]*}[^}]*}");

    public static Company acme() {
        return new Company(
                ACME,
                "acme",
                // With tokens for agents, and authorizations of numbers.
                root -> acmeFile(root)
                        .replace(
                                "  \"authorizationConfigurations\": [",
                                "  \"authorizationConfigurations\": [\n"
                                        + "{\"id\": \"pin-scal1\", \"factors\": [\"PIN\"], \"scal\": 1},\n"
                                        + "{\"id\": \"pin-otp-scal1\", \"factors\": [\"PIN\", \"OTP\"], \"scal\": 1},")
                        .replace(
                                "  \"tenants\": [",
                                "  \"connectorTokens\": {\"issuer\": \"" + ACME_ISSUER + "\"},\n  \"tenants\": ["),
                Map.of("ACME_ADMIN_SECRET", ADMINISTRATOR_SECRET));
    }

    /** The same, with an authority that its tenant asks for certificates. */
    static Company acme(EstAuthority enrolling) {
        var usual = acme();
        return new Company(
                usual.context,
                usual.database,
                root -> usual.configuration(root)
                        .replace(
                                "PKCS12DBWebCertificate\"\n",
                                "PKCS12DBWebCertificate\",\n      \"enrolment\": " + enrolling.settings() + "\n"),
                usual.environment);
    }

    public static Company ds() {
        return new Company(
                DS,
                "distribution",
                // Tests say where they come from as a proxy of this machine would. Files may have more than application
                // servers take by themselves, and little enough to go beyond.
                root -> tenantFile(root, DS)
                        .replace(
                                "  \"issuer\":",
                                "  \"trustedProxies\": [\"127.0.0.1\", \"::1\"],\n"
                                        + "  \"clientCertificateHeader\": \"X-SSL-Client-Cert\",\n  \"issuer\":")
                        .replace("\"releases\": {", "\"releases\": {\"maxSizeInMiB\": 12, "),
                Map.of("DISTRIBUTION_OPERATOR_SECRET", OPERATOR_SECRET, "DISTRIBUTION_ISSUER", DS_ISSUER));
    }

    /**
     * All its tests' wallets have one address, which gets as many nonces as they need. It knows the maker of one device, and one app. Companies'
     * keys are in the folder {@link #COMPANY_KEYS} beside its file.
     */
    public static Company wallet() {
        return wallet("  \"hsm\": {\"type\": \"homo\", \"folder\": \"" + COMPANY_KEYS
                + "\"},\n  \"compatibilityProfile\": true,\n  \"keyAttestation\": {\"android\": {\"roots\": \""
                + AndroidDevice.rootPem().strip().replaceAll("\\R", "\\\\n") + "\", \"packages\": [\""
                + AndroidDevice.APP + "\"], \"signatureDigests\": [\"" + AndroidDevice.SIGNER + "\"]}},\n");
    }

    /** Another one, which wants a nonce of the server in every proof, and has the compatibility profile too. */
    public static Company walletWithServerNonces() {
        return wallet("  \"proofs\": {\"serverNonces\": true},\n  \"compatibilityProfile\": true,\n");
    }

    private static Company wallet(String more) {
        return new Company(
                WALLET,
                "wallet",
                root -> tenantFile(root, WALLET)
                        .replace("  \"issuer\":", more + "  \"nonces\": {\"perMinute\": 1000000},\n  \"issuer\":")
                        .replace(
                                "\"oAuthClientDetails\": [",
                                "\"oAuthClientDetails\": [{\"clientId\": \"" + WALLET_ADMINISTRATOR
                                        + "\", \"clientSecret\": \"${env:WALLET_OPERATOR_SECRET}\", \"authorities\":"
                                        + " \"trustLevel:trustedClient,apiGroup:oAuthAdmin\", \"authorizedGrantTypes\":"
                                        + " \"client_credentials\", \"accessTokenValidity\": 3600},"),
                Map.of("WALLET_OPERATOR_SECRET", OPERATOR_SECRET, "WALLET_ISSUER", WALLET_ISSUER));
    }

    /**
     * With what guests on the same server need, too.
     *
     * @param authority the one whose certificates both tenants accept
     */
    public static Company globex(TestAuthority authority) {
        return globex(authority, "null", "null", "null", "");
    }

    /** Likewise, with a gateway to holders. */
    public static Company globex(TestAuthority authority, ApprovalGateway gateway) {
        return globex(authority, "null", "null", gateway);
    }

    /** Likewise, with time stamps, lists of revoked certificates, and an authority that its second tenant asks for certificates, too. */
    static Company globex(
            TestAuthority authority, OpenSslStamps stamps, ApprovalGateway gateway, EstAuthority enrolling) {
        var usual = globex(
                authority,
                stamps.settings(),
                "{\"revocationAddresses\": [\"" + authority.address() + "\", \"" + stamps.address() + "\"]}",
                gateway);
        return new Company(
                usual.context,
                usual.database,
                root -> usual.configuration(root)
                        .replace(ENROLMENT, ",\n      \"enrolment\": " + enrolling.settings())
                        .replace(
                                "\"region\": \"PT\"",
                                "\"region\": \"PT\", \"creation\": {\"authorizationConfigurationId\": \"pin\","
                                        + " \"certificatePolicy\": \"0.4.0.194112.1.2\"}"),
                usual.environment);
    }

    /** Likewise, without a gateway, and taking documents of any size that is measured, with SADs for as long as they are on their way. */
    public static Company globexForLargeDocuments(TestAuthority authority, OpenSslStamps stamps) {
        var usual = globex(
                authority,
                stamps.settings(),
                "{\"maxMegabytes\": 1100, \"revocationAddresses\": [\"" + authority.address() + "\", \""
                        + stamps.address() + "\"]}",
                "null",
                "");
        return new Company(
                usual.context,
                usual.database,
                root -> usual.configuration(root)
                        .replace("\"sadValidityInSeconds\": 10", "\"sadValidityInSeconds\": 300"),
                usual.environment);
    }

    private static Company globex(TestAuthority authority, String stamps, String documents, ApprovalGateway gateway) {
        return globex(
                authority,
                stamps,
                documents,
                gateway.settings(),
                ",\n    {\"id\": \"pin-push\", \"factors\": [\"PIN\", \"PUSH\"], \"maxFailures\": 3},"
                        + "\n    {\"id\": \"pin-code\", \"factors\": [\"PIN\", \"OTP\"], \"otpDelivery\": \"gateway\","
                        + " \"maxFailures\": 3}");
    }

    private static Company globex(
            TestAuthority authority, String stamps, String documents, String gateway, String more) {
        return new Company(
                GLOBEX,
                "globex",
                root -> globexFile(authority)
                        .replace("@STAMPS@", stamps)
                        .replace("@DOCUMENTS@", documents)
                        .replace("@GATEWAY@", gateway)
                        .replace("@CONFIGURATIONS@", more),
                Guest.secrets());
    }

    /** Of the ready-to-run file, with its keys under a key management service. */
    public static Company underKms(KmsEndpoint kms) {
        return new Company(
                Guest.KMS,
                "kms",
                root -> acmeFile(root)
                        .replace("${env:ACME_", "${env:KMS_")
                        .replace(
                                "\"hsm\": {\"type\": \"homo\", \"folder\": \"../keys\"}",
                                kms.settings("", "${env:KMS_ACCESS}"))
                        .replace("PKCS12DBWebCertificate\"\n", "HSMWebCertificate\"\n"),
                Map.of("KMS_ADMIN_SECRET", ADMINISTRATOR_SECRET, "KMS_ACCESS", KmsEndpoint.SECRET));
    }

    static Company inArchive() {
        return new Company(
                IN_ARCHIVE,
                "archive",
                root -> acmeFile(root).replace("${env:ACME_", "${env:ARCHIVE_"),
                Map.of("ARCHIVE_ADMIN_SECRET", ADMINISTRATOR_SECRET));
    }

    /** The distribution service of the same archive. */
    static Company dsInArchive() {
        return new Company(
                DS_IN_ARCHIVE,
                "ds_archive",
                root -> tenantFile(root, DS).replace("${env:DISTRIBUTION_", "${env:DS_ARCHIVE_"),
                Map.of(
                        "DS_ARCHIVE_OPERATOR_SECRET",
                        OPERATOR_SECRET,
                        "DS_ARCHIVE_ISSUER",
                        "https://ds.example.com/ds"));
    }

    /** The wallet provider of the same archive. */
    static Company walletInArchive() {
        return new Company(
                WALLET_IN_ARCHIVE,
                "wallet_archive",
                root -> tenantFile(root, WALLET).replace("${env:WALLET_", "${env:WALLET_ARCHIVE_"),
                Map.of(
                        "WALLET_ARCHIVE_OPERATOR_SECRET",
                        OPERATOR_SECRET,
                        "WALLET_ARCHIVE_ISSUER",
                        "https://wallet.example.com/wallet"));
    }

    static Company withPool() {
        var pool = "\"datasource\": {\"jndiName\": \"" + ServerPool.jndiName(TestServer.KIND, POOL) + "\"}";
        return new Company(
                WITH_POOL,
                POOL,
                root -> DATASOURCE.matcher(acmeFile(root)).replaceFirst(pool).replace("${env:ACME_", "${env:POOL_"),
                Map.of("POOL_ADMIN_SECRET", ADMINISTRATOR_SECRET));
    }

    String configuration(Path root) {
        return configuration.apply(root);
    }

    /** With one variable of a context's own for each secret that contexts must not share. */
    public Map<String, String> environment(String databaseUrl) {
        var name = context.toUpperCase(Locale.ROOT).replace('-', '_');
        var all = new LinkedHashMap<>(environment);
        var prefix = database.toUpperCase(Locale.ROOT);
        all.put(prefix + "_DATABASE_URL", databaseUrl);
        all.put(prefix + "_DATABASE_USER", TestServer.DATABASE_USER);
        all.put(prefix + "_DATABASE_PASSWORD", TestServer.DATABASE_PASSWORD);
        all.put("SIGNER_SAD_KEY_" + name, "the SAD key of " + context + ", which is long enough");
        all.put("SIGNER_MASTER_SECRET_" + name, "the master secret of " + context + ", which is long enough");
        all.put("DS_MASTER_SECRET_" + name, "the master secret of " + context + ", which is long enough");
        all.put("WALLET_MASTER_SECRET_" + name, "the master secret of " + context + ", which is long enough");
        return all;
    }

    private static String acmeFile(Path root) {
        return tenantFile(root, ACME);
    }

    private static String tenantFile(Path root, String context) {
        try {
            return Files.readString(root.resolve("config/tenants/" + context + ".json"));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    private static String globexFile(TestAuthority authority) {
        try (var file = Company.class.getResourceAsStream("/signer-globex.json")) {
            var anchor = authority.rootPem().strip().replace("\n", "\\n");
            return new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .replace("@TRUST_ANCHOR@", anchor);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
