package org.countersign.cli.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.countersign.cli.servers.Deployments.Phase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentsTest {

    private static final String WAR = "signer-acme.war";

    @TempDir
    Path folder;

    private Path archive;

    @BeforeEach
    void makeAnArchive() throws IOException {
        archive = Files.writeString(folder.resolve("signer.war"), "first");
    }

    @Nested
    class OnWildFly {

        private Path deployments;
        private Deployments wildfly;

        @BeforeEach
        void makeTheFolder() throws IOException {
            deployments = Files.createDirectory(folder.resolve("deployments"));
            wildfly = new WildFlyDeployments(deployments);
        }

        @Test
        void aFileIsAskedForByItsMarkerAndAnOldFailureIsForgotten() throws IOException {
            Files.writeString(deployments.resolve(WAR + ".failed"), "an old failure");

            wildfly.deploy(WAR, archive);

            assertThat(deployments.resolve(WAR)).hasContent("first");
            assertThat(deployments.resolve(WAR + ".dodeploy")).exists();
            assertThat(wildfly.state(WAR).phase()).isEqualTo(Phase.PENDING);
        }

        @Test
        void whatRunsIsNotTakenAwayBeforeTheNewOneIsAskedFor() throws IOException {
            Files.writeString(deployments.resolve(WAR), "zeroth");
            Files.createFile(deployments.resolve(WAR + ".deployed"));

            wildfly.deploy(WAR, archive);

            assertThat(deployments.resolve(WAR + ".deployed"))
                    .as("without it the scanner undeploys")
                    .exists();
            assertThat(wildfly.state(WAR).phase())
                    .as("the marker of the one before says nothing about this one")
                    .isEqualTo(Phase.PENDING);
            wildfly.deploy(WAR, archive);
            Files.delete(deployments.resolve(WAR + ".dodeploy"));
            assertThat(wildfly.state(WAR).phase()).isEqualTo(Phase.DEPLOYED);
        }

        @Test
        void theServersMarkerSaysWhatBecameOfIt() throws IOException {
            wildfly.deploy(WAR, archive);
            Files.delete(deployments.resolve(WAR + ".dodeploy"));
            Files.writeString(deployments.resolve(WAR + ".failed"), "WFLYCTL0180\n");

            assertThat(wildfly.state(WAR)).isEqualTo(Deployments.State.failed("WFLYCTL0180"));
        }

        @Test
        void aFileThatIsTakenAwayLeavesNothing() throws IOException {
            wildfly.deploy(WAR, archive);
            wildfly.undeploy(WAR);

            assertThat(deployments).isEmptyDirectory();
        }
    }

    @Nested
    class OnLiberty {

        private Path dropins;
        private Path log;
        private Deployments liberty;

        @BeforeEach
        void makeTheFolder() throws IOException {
            dropins = Files.createDirectory(folder.resolve("dropins"));
            log = folder.resolve("messages.log");
            liberty = new LibertyDeployments(dropins, log);
        }

        @Test
        void theLastMessageAboutTheApplicationCounts() throws IOException {
            say("A CWWKZ0001I: Application signer-acme started in 29.542 seconds.");
            assertThat(liberty.state(WAR).phase()).isEqualTo(Phase.DEPLOYED);
            say("A CWWKZ0009I: The application signer-acme has stopped successfully.");
            assertThat(liberty.state(WAR).phase()).isEqualTo(Phase.UNDEPLOYED);
            say("E CWWKZ0002E: An exception occurred while starting the application signer-acme. The exception was: x");
            assertThat(liberty.state(WAR).phase()).isEqualTo(Phase.FAILED);
            assertThat(liberty.state(WAR).message()).startsWith("CWWKZ0002E: ");
        }

        @Test
        void messagesAboutOthersDoNotCount() throws IOException {
            say("A CWWKZ0001I: Application signer-acme-2 started in 1.0 seconds.");
            say("A CWWKZ0001I: Application signer-acme.2 started in 1.0 seconds.");
            say("A CWWKZ0012I: The application my-signer-acme was not started.");

            assertThat(liberty.state(WAR).phase()).isEqualTo(Phase.PENDING);
        }

        @Test
        void whatWasSaidBeforeADeploymentDoesNotCount() throws IOException {
            say("A CWWKZ0012I: The application signer-acme was not started.");

            liberty.deploy(WAR, archive);

            assertThat(dropins.resolve(WAR)).hasContent("first");
            assertThat(liberty.state(WAR).phase()).isEqualTo(Phase.PENDING);
        }

        @Test
        void aFileThatFailedIsTriedAgainWithTheSameContent() throws IOException {
            liberty.deploy(WAR, archive);
            var before = Files.getLastModifiedTime(dropins.resolve(WAR));
            say("A CWWKZ0012I: The application signer-acme was not started.");

            liberty.deploy(WAR, archive);

            assertThat(Files.getLastModifiedTime(dropins.resolve(WAR))).isGreaterThan(before);
        }

        @Test
        void aFileIsDeployedAnewWithTheSameContentWhateverTheLogSays() throws IOException {
            liberty.deploy(WAR, archive);
            var before = Files.getLastModifiedTime(dropins.resolve(WAR));

            liberty.deploy(WAR, archive);

            assertThat(Files.getLastModifiedTime(dropins.resolve(WAR))).isGreaterThan(before);
        }

        @Test
        void aLogThatWasPutAsideIsReadToItsEndAndTheNewOneFromItsBeginning() throws IOException {
            say("E CWWKZ0002E: An exception occurred while starting the application signer-acme. The exception was: x");
            liberty.deploy(WAR, archive);
            Files.move(log, folder.resolve("messages_26.01.31_12.00.00.0.log"));
            say(
                    "something about others, so that the new log is longer than the place was where the old one ended, at least"
                            + " as far as this test can make sure of that");

            assertThat(liberty.state(WAR).phase()).isEqualTo(Phase.PENDING);

            liberty.deploy(WAR, archive);
            say("A CWWKZ0001I: Application signer-acme started in 1.0 seconds.");
            Files.move(log, folder.resolve("messages_26.01.31_12.00.00.1.log"));
            say("nothing yet");
            assertThat(liberty.state(WAR).phase()).isEqualTo(Phase.DEPLOYED);
        }

        @Test
        void aLogThatWasBegunAnewIsReadFromItsBeginning() throws IOException {
            say("a long line that the position behind it outlives, whatever is said in the new log");
            say("another one of those, so that the new log is surely shorter than the old one was");
            liberty.deploy(WAR, archive);
            Files.delete(log);
            say("A CWWKZ0001I: Application signer-acme started in 1.0 seconds.");

            assertThat(liberty.state(WAR).phase()).isEqualTo(Phase.DEPLOYED);
        }

        private void say(String line) throws IOException {
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
