package org.countersign.systemtests.harness;

import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One more company on the running server, for the time of a test. Its database stays, its context does not.
 *
 * <pre>{@code
 * try (var guest = Guest.deploy(server, Guest.CLOCK, "\"tenants\": …")) {
 *     guest.api()…
 * }
 * }</pre>
 */
public final class Guest implements AutoCloseable {

    /** With an NTP server. */
    public static final String CLOCK = "signer-clock";

    /** Two with log files of their own. */
    public static final String HOOLI = "signer-hooli";

    public static final String UMBRELLA = "signer-umbrella";

    /** With the file of the product that this one follows. */
    public static final String FORMER = "signer-former";

    /** With keys in a PKCS#11 token: {@link SoftHsm}. */
    public static final String TOKEN = "signer-token";

    /** A wallet provider with companies' keys in a PKCS#11 token. */
    public static final String WALLET_TOKEN = "wallet-token";

    /** A wallet provider with companies' keys under a key management service. */
    public static final String WALLET_KMS = "wallet-kms";

    /** With keys under a key management service: {@link KmsEndpoint}. */
    public static final String KMS = "signer-kms";

    /** With a wizard whose holders an OpenID provider knows. */
    public static final String WIZARD = "signer-wizard";

    private final TestServer server;
    private final String context;

    private Guest(TestServer server, String context) {
        this.server = server;
        this.context = context;
    }

    /** @param json the whole file */
    public static Guest deploy(TestServer server, String context, String json) throws IOException, SQLException {
        server.database().ensureDatabase(database(context), TestServer.DATABASE_USER, TestServer.DATABASE_PASSWORD);
        server.writeConfiguration(context, json);
        if (!server.deploy(context)) {
            throw new IllegalStateException(context + " was refused; see the server's log");
        }
        return new Guest(server, context);
    }

    /** A file with a demonstration tenant {@code acme} and a client {@code acme}, as those of the company of that name. */
    public static String file(TestServer server, String context, String more) {
        return """
                {
                  "datasource": {"url": "%s", "username": "%s", "password": "%s"},
                  "tenants": [{"name": "acme", "demonstration": true}],
                  "oAuthClientDetails": [{
                    "clientId": "acme", "clientSecret": "acme_password", "authorizedGrantTypes": "client_credentials",
                    "authorities": "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:acme",
                    "accessTokenValidity": 3600
                  }],
                  %s
                }
                """.formatted(url(server, context), TestServer.DATABASE_USER, TestServer.DATABASE_PASSWORD, more);
    }

    /** The value of {@code datasource} for the guest's database. */
    public static String datasource(TestServer server, String context) {
        return "{\"url\": \"%s\", \"username\": \"%s\", \"password\": \"%s\"}"
                .formatted(url(server, context), TestServer.DATABASE_USER, TestServer.DATABASE_PASSWORD);
    }

    /** Of the guest's database. */
    public static String url(TestServer server, String context) {
        return server.database().url(database(context));
    }

    public SignerApi api() {
        return server.api(context);
    }

    private static String database(String context) {
        return context.replace('-', '_');
    }

    /** What the server has to know from its start. */
    public static Map<String, String> secrets() {
        var secrets = new LinkedHashMap<String, String>();
        for (String context : List.of(CLOCK, HOOLI, UMBRELLA, FORMER, TOKEN, KMS, WIZARD)) {
            var name = context.toUpperCase(Locale.ROOT).replace('-', '_');
            secrets.put("SIGNER_SAD_KEY_" + name, "the SAD key of " + context + ", which is long enough");
            secrets.put("SIGNER_MASTER_SECRET_" + name, "the master secret of " + context + ", which is long enough");
        }
        for (String context : List.of(WALLET_TOKEN, WALLET_KMS)) {
            var name = context.toUpperCase(Locale.ROOT).replace('-', '_');
            secrets.put("WALLET_MASTER_SECRET_" + name, "the master secret of " + context + ", which is long enough");
        }
        secrets.put("SOFTHSM2_CONF", SoftHsm.CONFIGURATION.toString());
        return secrets;
    }

    @Override
    public void close() throws IOException {
        server.undeploy(context);
    }
}
