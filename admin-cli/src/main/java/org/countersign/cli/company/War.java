package org.countersign.cli.company;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.countersign.cli.terminal.Refusal;
import org.countersign.server.persistence.MigrationName;

/**
 * A version of the product, as its file tells.
 *
 * @param migrations in the order in which they are applied: by module, then by number
 */
record War(Path file, String version, List<Migration> migrations) {

    private static final String VERSION = "WEB-INF/classes/META-INF/countersign.properties";
    private static final String CLASSES = "WEB-INF/classes/";
    private static final Pattern OWN_LIBRARY = Pattern.compile("WEB-INF/lib/countersign-[^/]*\\.jar");
    private static final Pattern MIGRATION = Pattern.compile("db/migration/([a-z]+)/V(\\d{1,6})__([^/]+)\\.sql");

    private static final String DISTRIBUTION = "ds";
    private static final String WALLET = "wallet";

    /** The modules in the order in which a context migrates them: the common one, then the product's. */
    static final List<String> MODULES = List.of("server", "signer", DISTRIBUTION, WALLET);

    /** @param description the name with spaces, as Flyway's history has it */
    record Migration(String module, int number, String description, String sql) {

        @JsonProperty
        String kind() {
            if (MigrationName.expands(description)) {
                return "expand";
            }
            return MigrationName.contractsFrom(description).isPresent() ? "contract" : "unmarked";
        }
    }

    /** @throws Refusal when the file is none of the product's WARs */
    static War read(Path file) throws IOException {
        return find(file).orElseThrow(() -> Refusal.failed(file + " is no WAR of this product."));
    }

    /** Empty when the file is another product's. @throws IOException also when it is no archive */
    static Optional<War> find(Path file) throws IOException {
        var migrations = new ArrayList<Migration>();
        String version;
        try (var zip = new ZipFile(file.toFile())) {
            var entry = zip.getEntry(VERSION);
            if (entry == null) {
                return Optional.empty();
            }
            version = version(zip.getInputStream(entry));
            for (ZipEntry each : java.util.Collections.list(zip.entries())) {
                if (each.getName().startsWith(CLASSES)) {
                    add(each.getName().substring(CLASSES.length()), zip.getInputStream(each), migrations);
                } else if (OWN_LIBRARY.matcher(each.getName()).matches()) {
                    library(zip.getInputStream(each), migrations);
                }
            }
        }
        migrations.sort(Comparator.comparing((Migration migration) -> MODULES.indexOf(migration.module()))
                .thenComparing(Migration::number));
        return Optional.of(new War(file, version, List.copyOf(migrations)));
    }

    /** The newest migration of a module that this version knows; 0 without one. */
    int newest(String module) {
        return migrations.stream()
                .filter(migration -> migration.module().equals(module))
                .mapToInt(Migration::number)
                .max()
                .orElse(0);
    }

    /** What it is in words, when it is no signer: it publishes keys, signs nothing for a canary, and is not moved yet. */
    Optional<String> otherProduct() {
        if (newest(DISTRIBUTION) > 0) {
            return Optional.of("distribution service");
        }
        return newest(WALLET) > 0 ? Optional.of("wallet provider") : Optional.empty();
    }

    private static String version(InputStream content) throws IOException {
        var properties = new Properties();
        try (content) {
            properties.load(content);
        }
        return properties.getProperty("version", "");
    }

    private static void library(InputStream content, List<Migration> migrations) throws IOException {
        try (var jar = new ZipInputStream(content)) {
            for (var entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
                if (MIGRATION.matcher(entry.getName()).matches()) {
                    add(entry.getName(), new ByteArrayInputStream(jar.readAllBytes()), migrations);
                }
            }
        }
    }

    private static void add(String name, InputStream content, List<Migration> migrations) throws IOException {
        Matcher matcher = MIGRATION.matcher(name);
        try (content) {
            if (matcher.matches()) {
                migrations.add(new Migration(
                        matcher.group(1),
                        Integer.parseInt(matcher.group(2)),
                        matcher.group(3).replace('_', ' '),
                        new String(content.readAllBytes(), StandardCharsets.UTF_8)));
            }
        }
    }
}
