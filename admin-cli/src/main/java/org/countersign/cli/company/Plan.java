package org.countersign.cli.company;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.configuration.JsonConfiguration;

/**
 * What a move would do, and what stands against it.
 *
 * @param schema what the database has
 * @param migrations those that the new version would apply
 * @param differences of the two configuration files, key by key; secrets are not shown
 * @param warnings of the new version about its file
 * @param clients that the new version would add
 * @param inFlight requests under way now
 * @param usableSads authorizations given and not used up; they stay usable
 * @param obstacles why it can not be; empty when it can
 */
record Plan(
        String company,
        String from,
        String fromVersion,
        String to,
        String toVersion,
        String schema,
        List<War.Migration> migrations,
        List<ConfigurationDifference> differences,
        List<String> warnings,
        List<String> clients,
        int inFlight,
        long usableSads,
        boolean canary,
        List<String> obstacles) {

    static Plan make(Site site, String company, VersionFolder from, VersionFolder to) throws IOException, SQLException {
        var oldWar = from.war(company);
        var newWar = to.war(company);
        var obstacles = new ArrayList<String>();
        var warnings = new ArrayList<String>();
        var differences = List.<ConfigurationDifference>of();
        var clients = new TreeSet<String>();
        var oldFile = from.configuration(company);
        var newFile = to.configuration(company);
        if (from.restsWith(to, company)) {
            obstacles.add("both versions find their configuration in one folder, " + newFile.getParent()
                    + ": what lets the one come to rest would stop the other; give " + to.name()
                    + " a folder of its own in configuration.fileName of its application.properties");
        }
        try {
            var before = JsonConfiguration.tree(oldFile);
            var after = JsonConfiguration.tree(newFile);
            differences = ConfigurationDifference.between(before, after);
            after.path("oAuthClientDetails")
                    .forEach(client -> clients.add(client.path("clientId").asText("")));
            keysInAnotherPlace(oldFile, before, newFile, after, obstacles);
            var checked = new WarClasses(newWar).check(newFile, Site.beside(company, to), site.environment());
            obstacles.addAll(checked.getOrDefault("errors", List.of()));
            warnings.addAll(checked.getOrDefault("warnings", List.of()));
        } catch (ConfigurationException broken) {
            obstacles.add(broken.getMessage());
        }
        try (var database = CompanyDatabase.open(oldFile, site.environment())) {
            var history = database.history();
            clients.removeAll(database.clients());
            CompanyDatabase.forbidding(history, newWar)
                    .forEach(row -> obstacles.add("the schema of " + row.module() + " has migration " + row.number()
                            + " (\"" + row.description() + "\"), after which " + newWar.version() + " can not run"));
            var migrations = newWar.migrations().stream()
                    .filter(migration -> migration.number() > CompanyDatabase.newest(history, migration.module()))
                    .toList();
            for (var migration : migrations) {
                if (!CompanyDatabase.forbidding(
                                List.of(new CompanyDatabase.Applied(
                                        migration.module(), migration.number(), migration.description())),
                                oldWar)
                        .isEmpty()) {
                    obstacles.add("migration " + migration.number() + " of " + migration.module() + " (\""
                            + migration.description() + "\") takes away what " + oldWar.version()
                            + " needs, which has to run beside " + newWar.version()
                            + " during the move; go by way of a version between the two");
                }
            }
            var health = site.health(company);
            if (!health.answered()) {
                obstacles.add("the server at " + site.address() + " does not answer");
            }
            return new Plan(
                    company,
                    from.name(),
                    oldWar.version(),
                    to.name(),
                    newWar.version(),
                    CompanyDatabase.inWords(history),
                    migrations,
                    differences,
                    warnings,
                    List.copyOf(clients),
                    health.inFlight(),
                    database.usableActivations(),
                    Canary.load(site, company).filter(Canary::isEnrolled).isPresent(),
                    obstacles);
        }
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("Moving " + company + " from " + fromVersion + " (" + from + ") to " + toVersion + " (" + to + ")");
        lines.add("  schema now            " + schema);
        lines.add("  migrations            " + (migrations.isEmpty() ? "none" : migrations.size()));
        for (var migration : migrations) {
            lines.add("    " + migration.module() + " V" + migration.number() + " " + migration.kind() + ": "
                    + migration.description());
            migration.sql().lines().forEach(line -> lines.add("      | " + line));
        }
        lines.add("  configuration         "
                + (differences.isEmpty() ? "no differences" : differences.size() + " differences"));
        for (var difference : differences) {
            lines.add("    " + difference.key() + ": " + Objects.requireNonNullElse(difference.before(), "(not there)")
                    + " → " + Objects.requireNonNullElse(difference.after(), "(gone)"));
        }
        lines.add("  clients to be added   " + (clients.isEmpty() ? "none" : String.join(", ", clients)));
        lines.add("  requests under way    " + inFlight + "; SADs not used up: " + usableSads + ", which stay usable");
        lines.add("  canary                " + (canary ? "enrolled" : "none; see: countersign company canary --help"));
        warnings.forEach(warning -> lines.add("  warning: " + warning));
        obstacles.forEach(obstacle -> lines.add("  obstacle: " + obstacle));
        return lines;
    }

    private static void keysInAnotherPlace(
            Path oldFile, JsonNode before, Path newFile, JsonNode after, List<String> obstacles) {
        var oldFolder = before.path("hsm").path("folder").asText("");
        var newFolder = after.path("hsm").path("folder").asText("");
        if (!oldFolder.isEmpty()
                && !newFolder.isEmpty()
                && !oldFile.resolveSibling(oldFolder)
                        .normalize()
                        .equals(newFile.resolveSibling(newFolder).normalize())) {
            obstacles.add("hsm.folder: is another folder than before, "
                    + newFile.resolveSibling(newFolder).normalize()
                    + "; the keys of the credentials there are would not be found");
        }
    }
}
