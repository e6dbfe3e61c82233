package org.countersign.cli.company;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.countersign.cli.process.Folders;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.configuration.JsonConfiguration;
import org.postgresql.PGConnection;

/**
 * What is needed to put a company back to where it was: every table's rows in PostgreSQL's COPY text form, out of one
 * snapshot and without stopping anybody, and the version's WAR, configuration file and key folder. Keys in it are wrapped
 * and PINs derived as in the database itself; the secrets of the environment are not in it, and without them it opens no
 * key. Only its owner may read it. Written beside and renamed when whole.
 *
 * @param folder where it lies
 * @param manifest what it holds
 */
record Backup(Path folder, Manifest manifest) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String MANIFEST = "manifest.json";
    private static final String BACKUPS = "backup";
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String HISTORY = "schema_history_";

    /**
     * @param version of the WAR
     * @param takenAt milliseconds since 1970
     * @param schema the newest migration of each module
     * @param chains the last sequence number of each chain of the audit log
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Manifest(
            String company,
            String version,
            long takenAt,
            List<Table> tables,
            Map<String, Integer> schema,
            Map<String, Long> chains) {}

    /** @param columns in the order of the file. @param rows how many it has */
    record Table(String name, List<String> columns, long rows) {}

    static Backup read(Path folder) throws IOException {
        var manifest = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            throw Refusal.failed("The backup " + folder + " is not there or not whole.");
        }
        return new Backup(folder, JSON.readValue(Files.readAllBytes(manifest), Manifest.class));
    }

    /** The newest whole one of a version of a company that this version can run on. */
    static Optional<Backup> newest(Site site, String company, War version) throws IOException {
        var folder = site.state().resolve(BACKUPS);
        var all = new ArrayList<Backup>();
        if (Files.isDirectory(folder)) {
            try (var backups = Files.newDirectoryStream(folder, each -> Files.isRegularFile(each.resolve(MANIFEST)))) {
                for (Path each : backups) {
                    var backup = read(each);
                    if (!each.getFileName().toString().startsWith(".")
                            && backup.manifest.company().equals(company)
                            && backup.manifest.version().equals(version.version())
                            && backup.suits(version, site.versions())) {
                        all.add(backup);
                    }
                }
            }
        }
        return all.stream()
                .max(Comparator.comparingLong(
                        (Backup backup) -> backup.manifest().takenAt()));
    }

    /** What backups of a company left that were cut off. */
    static List<Path> partial(Site site, String company) throws IOException {
        return partial(site.state().resolve(BACKUPS), company);
    }

    private static List<Path> partial(Path backups, String company) throws IOException {
        var found = new ArrayList<Path>();
        if (Files.isDirectory(backups)) {
            try (var cutOff = Files.newDirectoryStream(backups, "." + company + "-*.partial")) {
                cutOff.forEach(found::add);
            }
        }
        return found;
    }

    private boolean suits(War version, List<VersionFolder> versions) throws IOException {
        try {
            return CompanyDatabase.forbidding(
                            migrations(manifest.company(), versions).stream()
                                    .map(migration -> new CompanyDatabase.Applied(
                                            migration.module(), migration.number(), migration.description()))
                                    .toList(),
                            version)
                    .isEmpty();
        } catch (Refusal unknownSchema) {
            return false;
        }
    }

    /** Where the backup of a company that leaves a version at this moment lies. */
    static Path folder(Site site, String company, VersionFolder version, Instant now) {
        return site.state().resolve(BACKUPS).resolve(company + "-" + version.name() + "-" + NAME.format(now));
    }

    /** @param folder must not exist yet; made whole or not at all */
    static Backup take(Path folder, VersionFolder version, String company, CompanyDatabase database, long now)
            throws IOException, SQLException {
        var partial = folder.resolveSibling("." + folder.getFileName() + ".partial");
        DurableFile.folder(partial.getParent());
        for (Path earlier : partial(partial.getParent(), company)) {
            Folders.deleteTree(earlier);
        }
        DurableFile.folder(partial);
        var configuration = version.configuration(company);
        copy(version.path().resolve(company + ".war"), partial.resolve(company + ".war"));
        copy(configuration, partial.resolve(company + ".json"));
        copy(version.properties(), partial.resolve("application.properties"));
        var connection = database.connection();
        connection.setAutoCommit(false);
        try {
            try (var statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            }
            var tables = new ArrayList<Table>();
            for (String name : tables(connection)) {
                tables.add(copyOut(connection, name, partial));
            }
            // After the snapshot: a key of which it has the row is in the folder by then.
            copyKeys(configuration, partial.resolve("keys"));
            var schema = new LinkedHashMap<String, Integer>();
            var history = database.history();
            War.MODULES.forEach(module -> schema.put(module, CompanyDatabase.newest(history, module)));
            var manifest = new Manifest(
                    company, version.war(company).version(), now, tables, schema, AuditLoss.chains(connection));
            DurableFile.ownedLikeItsFolder(partial);
            DurableFile.force(partial);
            DurableFile.write(partial.resolve(MANIFEST), JSON.writeValueAsBytes(manifest), DurableFile.OWNER_ONLY);
            DurableFile.rename(partial, folder);
            return new Backup(folder, manifest);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /**
     * What makes the tables of the backup. Its schema may be newer than its WAR, after a rollback that kept the schema; then
     * a later version's WAR has the rest.
     *
     * @throws Refusal when no version that is there has one of them: to be asked before anything is taken away
     */
    List<War.Migration> migrations(String company, List<VersionFolder> versions) throws IOException {
        var wars = new ArrayList<War>();
        wars.add(War.read(folder.resolve(company + Site.WAR)));
        for (var version : versions) {
            if (version.has(company)) {
                wars.add(version.war(company));
            }
        }
        var found = new ArrayList<War.Migration>();
        for (String module : War.MODULES) {
            int newest = manifest.schema().getOrDefault(module, 0);
            var known = new TreeMap<Integer, War.Migration>();
            wars.forEach(war -> war.migrations().stream()
                    .filter(migration -> migration.module().equals(module) && migration.number() <= newest)
                    .forEach(migration -> known.putIfAbsent(migration.number(), migration)));
            if (newest > 0 && !known.containsKey(newest)) {
                throw Refusal.failed("The backup " + folder + " has migration " + newest + " of " + module
                        + ", which no WAR of " + company + " has that is there. Nothing was done.");
            }
            found.addAll(known.values());
        }
        return found;
    }

    /**
     * Makes the database what it was, in one transaction: everything of today's is dropped, the old version's migrations
     * make its tables again, the rows come back, but for authorizations that were still open. The company must not run.
     */
    void restore(List<War.Migration> migrations, CompanyDatabase database) throws SQLException, IOException {
        var connection = database.connection();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            for (String table : tables(connection)) {
                if (!table.startsWith(HISTORY)) {
                    statement.execute("DROP TABLE " + quoted(table) + " CASCADE");
                }
            }
            for (String function : functions(connection)) {
                statement.execute("DROP FUNCTION IF EXISTS " + function + " CASCADE");
            }
            for (var migration : migrations) {
                statement.execute(migration.sql());
            }
            for (String table : tables(connection)) {
                if (table.startsWith(HISTORY)) {
                    statement.execute("DELETE FROM " + quoted(table));
                }
            }
            for (Table table : inOrderOfReferences(connection)) {
                copyIn(connection, table);
            }
            // What was authorized then may have been signed since; once is enough.
            statement.execute("DELETE FROM activation");
            connection.commit();
        } catch (SQLException | IOException | RuntimeException failure) {
            connection.rollback();
            throw failure;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static Table copyOut(Connection connection, String name, Path folder) throws SQLException, IOException {
        var columns = columns(connection, name);
        var list = String.join(", ", columns.stream().map(Backup::quoted).toList());
        var file = folder.resolve(name + ".copy.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(
                Files.createFile(file, PosixFilePermissions.asFileAttribute(DurableFile.OWNER_ONLY)),
                StandardOpenOption.WRITE))) {
            long rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + quoted(name) + " (" + list + ") TO STDOUT", out);
            return new Table(name, columns, rows);
        }
    }

    private void copyIn(Connection connection, Table table) throws SQLException, IOException {
        var list =
                String.join(", ", table.columns().stream().map(Backup::quoted).toList());
        try (var in = new BufferedInputStream(
                new GZIPInputStream(Files.newInputStream(folder.resolve(table.name() + ".copy.gz"))))) {
            long rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + quoted(table.name()) + " (" + list + ") FROM STDIN", in);
            if (rows != table.rows()) {
                throw Refusal.failed("The backup has " + rows + " rows of " + table.name() + ", and should have "
                        + table.rows() + "; nothing was restored.");
            }
        }
    }

    /** A table after those it refers to. */
    private List<Table> inOrderOfReferences(Connection connection) throws SQLException {
        var references = new TreeMap<String, List<String>>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT child.relname, parent.relname FROM pg_constraint c"
                        + " JOIN pg_class child ON child.oid = c.conrelid"
                        + " JOIN pg_class parent ON parent.oid = c.confrelid"
                        + " WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace"
                        + " AND child.oid <> parent.oid")) {
            while (rows.next()) {
                references
                        .computeIfAbsent(rows.getString(1), table -> new ArrayList<>())
                        .add(rows.getString(2));
            }
        }
        var ordered = new ArrayList<Table>();
        var left = new ArrayList<>(manifest.tables());
        while (!left.isEmpty()) {
            var next = left.stream()
                    .filter(table -> left.stream()
                            .noneMatch(other -> references
                                    .getOrDefault(table.name(), List.of())
                                    .contains(other.name())))
                    .findFirst()
                    .orElse(left.get(0));
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return texts(
                connection, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename");
    }

    private static List<String> columns(Connection connection, String table) throws SQLException {
        return texts(
                connection,
                "SELECT attname FROM pg_attribute WHERE attrelid = '"
                        + quoted(table).replace("'", "''")
                        + "'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum");
    }

    private static List<String> functions(Connection connection) throws SQLException {
        return texts(
                connection,
                "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
                        + " AND prokind = 'f' AND proowner = current_user::regrole");
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        var texts = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private static void copyKeys(Path configuration, Path target) throws IOException {
        var folder =
                JsonConfiguration.tree(configuration).path("hsm").path("folder").asText("");
        var keys = configuration.resolveSibling(folder).normalize();
        if (!folder.isEmpty() && Files.isDirectory(keys)) {
            Folders.copyTree(keys, target);
        }
    }

    private static void copy(Path source, Path target) throws IOException {
        Files.createFile(target, PosixFilePermissions.asFileAttribute(DurableFile.OWNER_ONLY));
        try (var out = Files.newOutputStream(target)) {
            Files.copy(source, out);
        }
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
