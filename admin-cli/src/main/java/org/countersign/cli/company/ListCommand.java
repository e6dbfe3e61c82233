package org.countersign.cli.company;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.cli.terminal.Refusal;
import org.countersign.core.configuration.ConfigurationException;
import org.countersign.core.wiring.Wiring;
import org.countersign.server.tenancy.ContextName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code countersign company list}. */
@Wiring
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Which companies run here, in which version, on which schema, how well. Exit code 1: a WAR, a"
                + " configuration or a database can not be read; the others are listed all the same.")
final class ListCommand implements Callable<Integer> {

    @Mixin
    private SiteOptions options;

    /**
     * @param move the move that is under way; empty without one
     * @param broken what is the matter with the company's files; empty when nothing is
     */
    record Row(
            String context,
            String company,
            String version,
            String folder,
            String schema,
            String health,
            String move,
            String broken) {}

    @Override
    public Integer call() throws IOException {
        var result = options.result();
        var site = options.site(System.getenv(), result.terminal());
        var rows = new ArrayList<Row>();
        for (String context : site.contexts()) {
            row(site, context).ifPresent(rows::add);
        }
        var lines = new ArrayList<String>();
        lines.add(line("CONTEXT", "VERSION", "FOLDER", "SCHEMA", "HEALTH"));
        for (var row : rows) {
            lines.add(line(row.context(), row.version(), row.folder(), row.schema(), row.health()));
            if (!row.move().isEmpty()) {
                lines.add("  under way: " + row.move());
            }
            if (!row.broken().isEmpty()) {
                lines.add("  broken: " + row.broken());
            }
        }
        result.print(rows, lines);
        return rows.stream().allMatch(row -> row.broken().isEmpty()) ? 0 : Refusal.FAILED;
    }

    /** Empty for another product's. What is broken with one company does not keep the others from being listed. */
    static Optional<Row> row(Site site, String context) {
        var company = new ContextName(context).company();
        var broken = new ArrayList<String>();
        var version = "?";
        var folder = "(none)";
        var schema = "?";
        try {
            var war = War.find(site.deployed(context));
            if (war.isEmpty()) {
                return Optional.empty();
            }
            version = war.get().version();
            for (var candidate : site.versions()) {
                if (folder.equals("(none)") && holds(candidate, company, version, broken)) {
                    folder = candidate.name();
                    schema = schema(candidate.configuration(company), site, broken);
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            broken.add(site.deployed(context) + " can not be read: " + unreadable.getMessage());
        }
        var move = "";
        try {
            move = Journal.underWay(site.state(), company)
                    .filter(journal -> context.equals(company))
                    .map(journal -> journal.kind() + " from " + journal.from() + " to " + journal.to() + ", at step "
                            + journal.step())
                    .orElse("");
        } catch (IOException unreadable) {
            broken.add("its journal can not be read");
        }
        return Optional.of(new Row(
                context,
                company,
                version,
                folder,
                schema,
                site.health(context).inWords(),
                move,
                String.join("; ", broken)));
    }

    private static boolean holds(VersionFolder folder, String company, String version, List<String> broken) {
        try {
            return folder.has(company) && folder.war(company).version().equals(version);
        } catch (IOException | RuntimeException unreadable) {
            broken.add("the WAR in " + folder + " can not be read: " + unreadable.getMessage());
            return false;
        }
    }

    private static String schema(Path configuration, Site site, List<String> broken) {
        try (var database = CompanyDatabase.open(configuration, site.environment())) {
            return CompanyDatabase.inWords(database.history());
        } catch (Refusal | ConfigurationException | SQLException unreachable) {
            broken.add(unreachable.getMessage());
            return "?";
        }
    }

    private static String line(String... cells) {
        return String.format(Locale.ROOT, "%-32s %-8s %-8s %-22s %s", (Object[]) cells)
                .stripTrailing();
    }
}
