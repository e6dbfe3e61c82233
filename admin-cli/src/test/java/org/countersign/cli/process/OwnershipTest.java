package org.countersign.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What root makes is the folder's owner's; it takes root to see that. */
class OwnershipTest {

    @TempDir
    Path folder;

    @Test
    void aCopyThatRootMakesIsTheServersToRead() throws IOException {
        var deployments = folderOf("nobody");
        var source = Files.writeString(folder.resolve("signer.war"), "first");
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-r-----"));

        Folders.copyIfDifferent(source, deployments.resolve("signer-a.war"));

        assertThat(Files.getOwner(deployments.resolve("signer-a.war")).getName())
                .isEqualTo("nobody");
        assertThat(permissions(deployments.resolve("signer-a.war"))).isEqualTo("rw-r-----");

        Files.setPosixFilePermissions(
                deployments.resolve("signer-a.war"), PosixFilePermissions.fromString("r--------"));
        Files.writeString(source, "second");
        Folders.copyIfDifferent(source, deployments.resolve("signer-a.war"));
        assertThat(permissions(deployments.resolve("signer-a.war")))
                .as("as they were")
                .isEqualTo("r--------");
        assertThat(Files.getOwner(deployments.resolve("signer-a.war")).getName())
                .isEqualTo("nobody");
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        var deployments = folderOf("nobody");
        var roots = Files.writeString(folder.resolve("roots"), "root's own");
        var link = Files.createSymbolicLink(deployments.resolve("link"), roots);

        Ownership.take(link, deployments);

        assertThat(Files.getOwner(roots).getName()).isEqualTo("root");
    }

    @Test
    void aFolderThatIsThereIsLeftAsItIs() throws IOException {
        var open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-x---"));

        assertThat(permissions(Folders.createPrivate(open))).isEqualTo("rwxr-x---");
        assertThat(permissions(Folders.createPrivate(folder.resolve("new")))).isEqualTo("rwx------");
    }

    private Path folderOf(String user) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may give files away");
        var made = Files.createDirectory(folder.resolve("deployments"));
        try {
            return Files.setOwner(
                    made, made.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
        } catch (UserPrincipalNotFoundException none) {
            assumeTrue(false, "there is no user " + user);
            return made;
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
