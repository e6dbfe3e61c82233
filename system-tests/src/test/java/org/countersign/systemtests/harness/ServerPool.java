package org.countersign.systemtests.harness;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.servers.ServerKind;

/** A pool of connections that the application server manages, made as an administrator makes it: while the server runs. */
public final class ServerPool {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 100;
    private static final Pattern MANAGEMENT =
            Pattern.compile("Http management interface listening on http://127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern UPDATED = Pattern.compile("CWWKG0017I");

    private ServerPool() {}

    /** What {@code datasource.jndiName} is to be for a pool of this name. */
    public static String jndiName(ServerKind kind, String name) {
        return switch (kind) {
            case WILDFLY -> "java:jboss/datasources/" + name;
            case LIBERTY -> "jdbc/" + name;
        };
    }

    /** Makes a pool for a database of the same name. */
    public static void make(TestServer server, String name) throws IOException, InterruptedException {
        switch (TestServer.KIND) {
            case WILDFLY -> onWildFly(server, name);
            case LIBERTY -> onLiberty(server, name);
        }
    }

    private static void onWildFly(TestServer server, String name) throws IOException, InterruptedException {
        var port = awaitLog(server, MANAGEMENT).group(1);
        var add = "data-source add --name=" + name + " --jndi-name=" + jndiName(ServerKind.WILDFLY, name)
                + " --driver-name=postgresql.jar --connection-url="
                + server.database().url(name)
                + " --user-name=" + TestServer.DATABASE_USER + " --password=" + TestServer.DATABASE_PASSWORD
                + " --jta=false --max-pool-size=20";
        var script = Files.writeString(
                server.folder().resolve("pool.cli"), "deploy " + driver() + " --name=postgresql.jar\n" + add + "\n");
        var cli = new ProcessBuilder(
                        server.installation()
                                .home(ServerKind.WILDFLY)
                                .resolve("bin/jboss-cli.sh")
                                .toString(),
                        "--connect",
                        "--controller=127.0.0.1:" + port,
                        "--file=" + script)
                .redirectErrorStream(true)
                .redirectOutput(server.folder().resolve("pool.txt").toFile())
                .start();
        if (!cli.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || cli.exitValue() != 0) {
            cli.destroyForcibly();
            throw new IllegalStateException(
                    "No pool: " + Files.readString(server.folder().resolve("pool.txt")));
        }
    }

    private static void onLiberty(TestServer server, String name) throws IOException {
        var overrides = server.folder().resolve("liberty/servers/countersign/configDropins/overrides");
        Files.createDirectories(overrides);
        Files.writeString(overrides.resolve(name + ".xml"), """
                <server>
                  <library id="postgresql">
                    <file name="@DRIVER@"/>
                  </library>
                  <dataSource id="@NAME@" jndiName="@JNDI@" transactional="false">
                    <jdbcDriver libraryRef="postgresql"/>
                    <connectionManager maxPoolSize="20" enableSharingForDirectLookups="false"/>
                    <properties.postgresql URL="@URL@" user="@USER@" password="@PASSWORD@"/>
                  </dataSource>
                </server>
                """.replace("@DRIVER@", driver().toString())
                .replace("@NAME@", name)
                .replace("@JNDI@", jndiName(ServerKind.LIBERTY, name))
                .replace("@URL@", server.database().url(name))
                .replace("@USER@", TestServer.DATABASE_USER)
                .replace("@PASSWORD@", TestServer.DATABASE_PASSWORD));
        awaitLog(server, UPDATED);
    }

    private static MatchResult awaitLog(TestServer server, Pattern message) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var found = message.matcher(server.log());
            if (found.find()) {
                return found.toMatchResult();
            }
            Daemon.pause(POLL_MILLIS);
        }
        throw new IllegalStateException("The server does not say " + message);
    }

    private static Path driver() {
        try {
            return Path.of(Class.forName("org.postgresql.Driver")
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (ClassNotFoundException | URISyntaxException notThere) {
            throw new IllegalStateException(notThere);
        }
    }
}
