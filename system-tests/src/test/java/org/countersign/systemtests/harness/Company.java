package org.countersign.systemtests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

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

    /** Real trust anchors, two tenants, keys in a folder, short-lived SADs and low limits. */
    public static final String GLOBEX = "signer-globex";

    public static final String ADMINISTRATOR = "oAuthAdmin";
    public static final String ADMINISTRATOR_SECRET = "secret of the administrator";

    public static Company acme() {
        return new Company(ACME, "acme", Company::acmeFile, Map.of("ACME_ADMIN_SECRET", ADMINISTRATOR_SECRET));
    }

    /** @param authority the one whose certificates both tenants accept */
    public static Company globex(TestAuthority authority) {
        return new Company(GLOBEX, "globex", root -> globexFile(authority), Map.of());
    }

    String configuration(Path root) {
        return configuration.apply(root);
    }

    /** With one variable of a context's own for each secret that contexts must not share. */
    Map<String, String> environment(String databaseUrl) {
        var name = context.toUpperCase(Locale.ROOT).replace('-', '_');
        var all = new LinkedHashMap<>(environment);
        var prefix = database.toUpperCase(Locale.ROOT);
        all.put(prefix + "_DATABASE_URL", databaseUrl);
        all.put(prefix + "_DATABASE_USER", TestServer.DATABASE_USER);
        all.put(prefix + "_DATABASE_PASSWORD", TestServer.DATABASE_PASSWORD);
        all.put("SIGNER_SAD_KEY_" + name, "the SAD key of " + context + ", which is long enough");
        all.put("SIGNER_MASTER_SECRET_" + name, "the master secret of " + context + ", which is long enough");
        return all;
    }

    private static String acmeFile(Path root) {
        try {
            return Files.readString(root.resolve("config/tenants/signer-acme.json"));
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
