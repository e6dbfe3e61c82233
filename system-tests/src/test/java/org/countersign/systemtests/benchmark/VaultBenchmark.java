package org.countersign.systemtests.benchmark;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.countersign.cli.database.EmbeddedDatabase;
import org.countersign.cli.database.PostgresInstallation;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Folders;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.SignatureProvider;

/**
 * {@code countersign benchmark-vaults}: keys made, and signatures, in vaults with few and with many keys, measured in turns.
 * docs/benchmark.md explains the columns.
 */
public final class VaultBenchmark {

    private static final int USAGE = 2;
    private static final int GENERATED = 5;
    private static final int SIGNED = 20;
    private static final String OWNER = "benchmark";
    private static final String PASSWORD = "password-of-the-benchmark";
    private static final String TABLE =
            "create table wrapped_key (credential_id uuid primary key, wrapped bytea not null)";

    private static final Logger LIBRARIES = Logger.getLogger("");

    private final VaultOptions options;
    private final Entropy entropy = Entropy.system();
    private final Map<Measured, List<Times>> figures = new LinkedHashMap<>();

    private record Measured(VaultUnderTest.Kind kind, int keys) {}

    /** Medians of one repeat, in milliseconds. */
    private record Times(double generate, double first, double again) {}

    private VaultBenchmark(VaultOptions options) {
        this.options = options;
    }

    public static void main(String... arguments) throws Exception {
        LIBRARIES.setLevel(Level.WARNING);
        if (List.of(arguments).contains("--help")) {
            System.out.print(VaultOptions.HELP);
            return;
        }
        VaultOptions options;
        try {
            options = VaultOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.print(VaultOptions.HELP);
            System.exit(USAGE);
            return;
        }
        if (options.vaults().contains(VaultUnderTest.Kind.TOKEN) && !Files.exists(VaultUnderTest.LIBRARY)) {
            System.err.println("There is no " + VaultUnderTest.LIBRARY + " (Debian: softhsm2).");
            System.exit(1);
            return;
        }
        new VaultBenchmark(options).run();
    }

    private void run() throws Exception {
        var folder = Files.createTempDirectory("countersign-benchmark-vaults");
        var installation = Installation.at(Path.of(System.getProperty("countersign.root")));
        try (var database = new EmbeddedDatabase(
                PostgresInstallation.unpackedIn(installation.postgresqlHome()),
                folder.resolve("postgres"),
                folder.resolve("postgres.log"),
                PASSWORD)) {
            database.start();
            tokens();
            measure(folder, database);
        } finally {
            Folders.deleteTree(folder);
        }
        System.out.print(report());
    }

    /** Where the library in the child process looks for tokens: the launcher has set the variable. */
    private static void tokens() throws IOException {
        var configuration = Path.of(System.getenv("SOFTHSM2_CONF"));
        var tokens = configuration.resolveSibling("benchmark-tokens");
        Folders.deleteTree(tokens);
        Files.createDirectories(tokens);
        Files.writeString(configuration, "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
    }

    private void measure(Path folder, EmbeddedDatabase database) throws IOException, SQLException {
        var provider = SignatureProvider.fastest(folder, entropy);
        var vaults = new LinkedHashMap<Measured, VaultUnderTest>();
        var pools = new ArrayList<HikariDataSource>();
        try {
            for (var kind : options.vaults()) {
                for (int keys : options.keys()) {
                    var name = kind.label() + "_" + keys;
                    System.out.println("Filling a " + kind.label() + " with " + keys + " keys.");
                    var vault = new VaultUnderTest(
                            kind, folder.resolve(name), database(database, name, pools), provider, entropy);
                    vaults.put(new Measured(kind, keys), vault);
                    vault.fill(keys);
                }
            }
            for (int repeat = 1; repeat <= options.repeats(); repeat++) {
                System.out.println("Measuring, " + repeat + " of " + options.repeats() + ".");
                vaults.forEach((what, vault) -> figures.computeIfAbsent(what, ignored -> new ArrayList<>())
                        .add(measure(vault)));
            }
        } finally {
            vaults.values().forEach(VaultUnderTest::close);
            pools.forEach(HikariDataSource::close);
        }
    }

    /** A database of its own, with the table as the migrations make it. */
    private static DataSource database(EmbeddedDatabase database, String name, List<HikariDataSource> pools)
            throws SQLException {
        database.ensureDatabase(name, OWNER, PASSWORD);
        var source = new HikariDataSource();
        source.setJdbcUrl(database.url(name));
        source.setUsername(OWNER);
        source.setPassword(PASSWORD);
        pools.add(source);
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        return source;
    }

    private static Times measure(VaultUnderTest vault) {
        vault.begin();
        var keys = new ArrayList<UUID>();
        var first = new ArrayList<Double>();
        for (int i = 0; i < SIGNED; i++) {
            keys.add(vault.anyKey());
            first.add(vault.timeToSign(keys.get(i)));
        }
        var again = new ArrayList<Double>();
        keys.forEach(key -> again.add(vault.timeToSign(key)));
        var generate = new ArrayList<Double>();
        for (int i = 0; i < GENERATED; i++) {
            generate.add(vault.timeToGenerate());
        }
        return new Times(median(generate), median(first), median(again));
    }

    private static double median(List<Double> values) {
        return Spread.of(values, Double::doubleValue).median();
    }

    private String report() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("vault", "keys", "make a key", "sign, first use", "sign, again"));
        figures.forEach((what, repeats) -> rows.add(List.of(
                what.kind().label(),
                Integer.toString(what.keys()),
                text(repeats, Times::generate),
                text(repeats, Times::first),
                text(repeats, Times::again))));
        return "\nMilliseconds by the clock, P-256, one caller; median (least–most) of " + options.repeats()
                + " repeats. " + Machine.description() + "\n\n" + TextTable.of(rows) + "\n";
    }

    private static String text(List<Times> repeats, ToDoubleFunction<Times> figure) {
        return Spread.of(repeats, figure).text(2);
    }
}
