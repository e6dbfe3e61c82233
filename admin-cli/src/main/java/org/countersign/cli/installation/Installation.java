package org.countersign.cli.installation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.countersign.cli.servers.ServerKind;
import org.countersign.cli.terminal.Refusal;

/**
 * What the build made and where: the project's folder with its WAR, servers and templates, or the tool's package.
 *
 * @param root the project's folder, or the unpacked package
 * @param version of Countersign, which is part of the WAR's property names
 * @param wildfly WildFly's version
 * @param liberty Open Liberty's version
 * @param postgresql the version of the PostgreSQL that comes along
 */
public record Installation(Path root, String version, String wildfly, String liberty, String postgresql) {

    private static final String ROOT_PROPERTY = "countersign.root";
    private static final String WAITING_ROOM = "waiting-room.war";

    /** As the shell script says by the system property {@code countersign.root}; the working folder without it. */
    public static Installation locate() {
        var root =
                Path.of(System.getProperty(ROOT_PROPERTY, "")).toAbsolutePath().normalize();
        return at(root);
    }

    /** For tests, which know where the project is. */
    public static Installation at(Path root) {
        var versions = new Properties();
        try (var resource = Installation.class.getResourceAsStream("versions.properties")) {
            versions.load(resource);
        } catch (IOException brokenBuild) {
            throw new UncheckedIOException(brokenBuild);
        }
        return new Installation(
                root,
                versions.getProperty("countersign"),
                versions.getProperty("wildfly"),
                versions.getProperty("liberty"),
                versions.getProperty("postgresql"));
    }

    public Path defaultData() {
        return root.resolve(".countersign/data");
    }

    /** Where a server is unpacked. */
    public Path home(ServerKind kind) {
        return present(
                switch (kind) {
                    case WILDFLY -> root.resolve(".countersign/servers/wildfly-" + wildfly);
                    case LIBERTY -> root.resolve(".countersign/servers/openliberty-" + liberty + "/wlp");
                });
    }

    /** Where PostgreSQL is unpacked at its first use. */
    public Path postgresqlHome() {
        return root.resolve(".countersign/servers/postgresql-" + postgresql);
    }

    public Path signerWar() {
        return present(root.resolve("signer-war/target/signer.war"));
    }

    public Path dsWar() {
        return present(root.resolve("ds-war/target/ds.war"));
    }

    public Path walletWar() {
        return present(root.resolve("wallet-war/target/wallet.war"));
    }

    /** What answers for a company while its WAR is replaced. */
    public Path waitingRoomWar() {
        return present(root.resolve(isPackaged() ? WAITING_ROOM : "waiting-room/target/" + WAITING_ROOM));
    }

    /** Whether this is what administrators download, which has no servers and no database of its own to run. */
    public boolean isPackaged() {
        return Files.exists(root.resolve(WAITING_ROOM));
    }

    /** All WARs in one file. */
    public Path ear() {
        return present(root.resolve("ear/target/countersign.ear"));
    }

    /** The template of a ready-to-run context's configuration, {@code signer-acme.json}. */
    public Path tenantTemplate(String context) {
        return present(root.resolve("config/tenants/" + context + ".json"));
    }

    private static Path present(Path path) {
        if (!Files.exists(path)) {
            throw Refusal.failed(path + " is missing. Remove the folder target and start again by ./countersign, which"
                    + " builds it.");
        }
        return path;
    }
}
