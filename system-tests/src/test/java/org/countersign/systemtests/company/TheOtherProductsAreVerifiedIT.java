package org.countersign.systemtests.company;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.countersign.cli.process.Folders;
import org.countersign.cli.servers.ServerKind;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.Packages;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code countersign company} says of the products beside the signer: lists and verifies them, and moves them not. */
@ExtendWith(RunningServer.class)
class TheOtherProductsAreVerifiedIT {

    private final TestServer server;

    @TempDir
    Path folder;

    private Tool tool;

    TheOtherProductsAreVerifiedIT(Platform platform) {
        server = platform.server();
    }

    @BeforeEach
    void installation() throws IOException {
        for (var version : List.of("014", "015")) {
            var home = Files.createDirectories(folder.resolve("opt").resolve(version));
            Files.copy(server.installation().dsWar(), home.resolve(Company.DS + ".war"));
            Files.copy(server.installation().walletWar(), home.resolve(Company.WALLET + ".war"));
            Files.copy(
                    server.folder().resolve("config/application.properties"), home.resolve("application.properties"));
        }
        var lines = new ArrayList<String>();
        Company.ds()
                .environment(server.database().url("distribution"))
                .forEach((name, value) -> lines.add(name + "=" + value));
        Company.wallet()
                .environment(server.database().url("wallet"))
                .forEach((name, value) -> lines.add(name + "=" + value));
        var environment = folder.resolve("environment");
        Folders.writePrivate(environment, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        var wildfly = TestServer.KIND == ServerKind.WILDFLY;
        var options = new ArrayList<>(List.of(
                "--folder",
                folder.resolve("opt").toString(),
                "--server",
                TestServer.KIND.toString(),
                "--deployments",
                server.folder()
                        .resolve(wildfly ? "wildfly/deployments" : "liberty/servers/countersign/dropins")
                        .toString(),
                "--environment-file",
                environment.toString(),
                "--url",
                server.applicationServer().address().toString()));
        if (!wildfly) {
            options.addAll(
                    List.of("--server-log", server.applicationServer().log().toString()));
        }
        tool = new Tool(Packages.unpack(server.installation(), "countersign-tool", folder), folder, options);
    }

    @Test
    void theyAreListed() throws Exception {
        assertThat(tool.run("list").output())
                .containsPattern(Company.DS + " .* server \\d+, ds \\d+ +ready \\(")
                .containsPattern(Company.WALLET + " .* server \\d+, wallet \\d+ +ready \\(")
                .contains("014");
    }

    @Test
    void aDistributionServiceIsWholeAndNotMoved() throws Exception {
        isWholeAndNotMoved(Company.DS, "a distribution service");
    }

    @Test
    void aWalletProviderIsWholeAndNotMoved() throws Exception {
        isWholeAndNotMoved(Company.WALLET, "a wallet provider");
    }

    private void isWholeAndNotMoved(String context, String product) throws Exception {
        assertThat(tool.run("verify", context).ok().output()).contains(context, ": whole.");
        for (var refused : List.of(
                List.of("plan", context, "--to", "015"),
                List.of("migrate", context, "--to", "015"),
                List.of("rollback", context, "--to", "014"),
                List.of("canary", context))) {
            var ended = tool.run(refused.toArray(String[]::new));
            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.output()).contains("is " + product + ", which this command does not move yet");
        }
    }
}
