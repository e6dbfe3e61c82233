package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Ports;
import org.countersign.systemtests.harness.Pdf;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a newcomer meets it, one step after the other: up, sign, audit verify, accidents, down. */
@Tag("long")
@TestMethodOrder(OrderAnnotation.class)
class CommandLineIT {

    private static final Pattern SECRET = Pattern.compile("client_secret +(\\S+)");
    private static final Path ROOT = Installation.locate().root();

    @TempDir
    static Path folder;

    private static Path data;
    private static int port;
    private static String administratorSecret;

    @BeforeAll
    static void chooseAPort() throws IOException {
        data = folder.resolve("data");
        port = Ports.free();
    }

    @AfterAll
    static void stopWhateverRuns() throws Exception {
        countersign("down", "--data", data.toString());
    }

    @Test
    @Order(1)
    void upStartsEverythingAndShowsTheAdministratorsSecret() throws Exception {
        var up = up();
        assertThat(up.exitCode()).as(up.output()).isZero();
        assertThat(countersign("status", "--data", data.toString()).output())
                .contains(TestServer.KIND.title())
                .contains("/signer-acme  (ready)")
                .contains("/ds-acme  (ready)")
                .contains("/wallet-acme  (ready)");
        assertThat(up.output()).contains("http://127.0.0.1:" + port + "/signer-acme");
        assertThat(up.output()).contains("http://127.0.0.1:" + port + "/ds-acme");
        assertThat(up.output()).contains("http://127.0.0.1:" + port + "/wallet-acme");
        var secret = SECRET.matcher(up.output());
        assertThat(secret.find()).as(up.output()).isTrue();
        administratorSecret = secret.group(1);
    }

    @Test
    @Order(2)
    void aFileIsSignedAndOpensslFindsTheSignatureGood() throws Exception {
        var file = Files.writeString(folder.resolve("letter.txt"), "Dear reader\n");
        verifiedByOpenssl(countersign("sign", file.toString(), "--data", data.toString()));
        assertThat(folder.resolve("letter.txt.p7s")).exists();
    }

    @Test
    @Order(3)
    void theAuditLogIsWhole() throws Exception {
        var verify = countersign("audit", "verify", "--data", data.toString());
        assertThat(verify.exitCode()).as(verify.output()).isZero();
    }

    @Test
    @Order(3)
    void theOperatorsOfTheOtherProductsGetTokens() throws Exception {
        for (String product : List.of("ds", "wallet")) {
            var secret = Files.readString(data.resolve("secrets/" + product + "-operator"))
                    .strip();
            var token = run(List.of(
                    "curl",
                    "-s",
                    "-d",
                    "grant_type=client_credentials&client_id=" + product + "Operator&client_secret=" + secret,
                    "http://127.0.0.1:" + port + "/" + product + "-acme/oauth/token"));
            assertThat(token.output()).as(product).contains("\"access_token\"");
        }
    }

    @Test
    @Order(4)
    void theAdministratorsSecretIsInNoFile() throws Exception {
        var needle = administratorSecret.getBytes(StandardCharsets.US_ASCII);
        try (var files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(new String(needle, StandardCharsets.US_ASCII));
            }
        }
    }

    @Test
    @Order(5)
    void aSecondUpOnTheSameDataSaysWhereTheFirstOneIs() throws Exception {
        var second = countersign("up", "--detach", "--data", data.toString());
        assertThat(second.exitCode()).isNotZero();
        assertThat(second.output()).contains("lready running").contains(":" + port);
    }

    @Test
    @Order(6)
    void anUpOnATakenPortNamesThePort() throws Exception {
        var other = folder.resolve("other");
        var taken = countersign("up", "--detach", "--data", other.toString(), "--port", Integer.toString(port));
        assertThat(taken.exitCode()).isNotZero();
        assertThat(taken.output()).contains(Integer.toString(port)).contains("--port");
    }

    @Test
    @Order(7)
    void afterAKilledSupervisorUpFindsEverythingAgain() throws Exception {
        var state =
                new ObjectMapper().readTree(data.resolve("run/supervisor.json").toFile());
        var supervisor =
                ProcessHandle.of(state.get("supervisor").get("pid").longValue()).orElseThrow();
        supervisor.destroyForcibly();
        supervisor.onExit().get(30, TimeUnit.SECONDS);
        var up = up();
        assertThat(up.exitCode()).as(up.output()).isZero();
        assertThat(up.output()).doesNotContain("client_secret");
        aPdfIsSignedInsideAndPdfsigFindsTheSignatureGood();
        theAuditLogIsWhole();
    }

    @Test
    @Order(8)
    void downStopsEverythingAndKeepsTheData() throws Exception {
        assertThat(countersign("down", "--data", data.toString()).exitCode()).isZero();
        assertThat(countersign("status", "--data", data.toString()).exitCode()).isEqualTo(3);
        assertThat(data.resolve("postgres/PG_VERSION")).exists();
    }

    @Test
    @Order(9)
    void aServerThatIsNotKnownIsRefused() throws Exception {
        var other = countersign("up", "--server", "tomcat", "--data", data.toString());
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.output()).contains("wildfly or liberty");
    }

    /** The authority of the demonstration is nobody's anchor: that its signature is one is not enough to call it valid. */
    private static void aPdfIsSignedInsideAndPdfsigFindsTheSignatureGood() throws Exception {
        var file = Files.write(folder.resolve("second letter.pdf"), Pdf.of("once more"));
        var signed = countersign("sign", file.toString(), "--data", data.toString());
        assertThat(signed.exitCode()).as(signed.output()).isZero();
        assertThat(signed.output()).doesNotContain("Enrolling");
        var target = folder.resolve("second letter-signed.pdf");
        assertThat(Pdf.signatures(Files.readAllBytes(target))).contains("Signature is Valid");
        var explained = countersign("validate", target.toString(), "--data", data.toString());
        assertThat(explained.exitCode()).as(explained.output()).isEqualTo(1);
        assertThat(explained.output())
                .contains("INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND: PAdES-BASELINE-B by John Doe (demonstration)");
        assertThat(countersign("validate", file.toString(), "--data", data.toString())
                        .output())
                .contains("There are no signatures.");
        var authority = countersign("validate", data.resolve("demo/ca.pem").toString(), "--data", data.toString());
        assertThat(authority.exitCode()).as(authority.output()).isEqualTo(1);
        assertThat(authority.output()).contains("INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND: ", "CN=");
    }

    private static void verifiedByOpenssl(Run signed) throws Exception {
        assertThat(signed.exitCode()).as(signed.output()).isZero();
        var line = signed.output()
                .lines()
                .map(String::strip)
                .filter(text -> text.startsWith("openssl cms -verify"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(signed.output()));
        var openssl = run(List.of("bash", "-c", line));
        assertThat(openssl.exitCode()).as(openssl.output()).isZero();
        assertThat(openssl.output()).contains("CMS Verification successful");
    }

    private static Run up() throws Exception {
        return countersign(
                "up",
                "--detach",
                "--server",
                TestServer.KIND.toString(),
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port));
    }

    private static Run countersign(String... arguments) throws Exception {
        var command =
                new java.util.ArrayList<>(List.of(ROOT.resolve("countersign").toString()));
        command.addAll(Arrays.asList(arguments));
        return run(command);
    }

    private static Run run(List<String> command) throws Exception {
        // Into a file: what stays behind in the background would hold a pipe open.
        var output = Files.createTempFile(folder, "output", ".txt");
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("Still running: " + command + "\n" + Files.readString(output));
        }
        return new Run(process.exitValue(), Files.readString(output));
    }

    private record Run(int exitCode, String output) {}
}
