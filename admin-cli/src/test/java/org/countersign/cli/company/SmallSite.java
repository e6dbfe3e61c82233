package org.countersign.cli.company;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.countersign.cli.process.Folders;
import org.countersign.cli.servers.WildFlyDeployments;

/** The folders of a server that does not run, with WARs that have a version and migrations and nothing else. */
record SmallSite(Path folder) {

    static final String COMPANY = "signer-a";

    Site site() throws IOException {
        var deployments = Files.createDirectories(folder.resolve("deployments"));
        return new Site(
                folder,
                deployments,
                new WildFlyDeployments(deployments),
                URI.create("http://127.0.0.1:1"),
                Map.of(),
                Folders.createPrivate(folder.resolve("moves")),
                Optional.empty(),
                folder.resolve("waiting-room.war"),
                Duration.ofSeconds(1));
    }

    /** A version's folder with the company's WAR. @param migrations of the module signer, {@code V1__expand_x} */
    VersionFolder version(String name, String version, String... migrations) throws IOException {
        var path = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                path.resolve("application.properties"), "configuration.fileName=" + path + "/$CONTEXT_NAME.json\n");
        war(path.resolve(COMPANY + ".war"), version, migrations);
        return new VersionFolder(path);
    }

    static void war(Path file, String version, String... migrations) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            add(zip, "WEB-INF/classes/META-INF/countersign.properties", "version=" + version);
            for (String migration : migrations) {
                add(zip, "WEB-INF/classes/db/migration/signer/" + migration + ".sql", "SELECT 1");
            }
        }
    }

    private static void add(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
