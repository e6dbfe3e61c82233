package org.countersign.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.countersign.cli.terminal.Terminal;
import org.countersign.core.entropy.Entropy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningTest {

    @TempDir
    Path folder;

    private FakeSigner server;
    private Path document;
    private Signing signing;

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        server = new FakeSigner();
        document = Files.writeString(folder.resolve("a document.txt"), "Lorem ipsum\r\n\n");
        var terminal =
                new Terminal(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
        var api = new SignerApi(server.address());
        var clock = new HurryingClock();
        var passwords = new OneTimePasswords(clock, terminal);
        var enrolment = new Enrolment(api, clock, Entropy.system(), passwords, terminal);
        signing = new Signing(api, DemonstrationSeat.JDOE, enrolment, passwords, clock, terminal);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void enrolsOnceAndSignsTwiceWithFreshPasswords() throws IOException {
        signing.sign(document, folder);
        signing.sign(document, folder);
        assertThat(server.calls).filteredOn("/api/v1/credentials"::equals).hasSize(1);
        assertThat(server.calls).filteredOn("/api/v1/signatures"::equals).hasSize(2);
        assertThat(server.passwords).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void enrolsAnewWhenTheServerHasForgotten() throws IOException {
        signing.sign(document, folder);
        server.forgetful = true;
        signing.sign(document, folder);
        assertThat(server.calls).filteredOn("/api/v1/credentials"::equals).hasSize(2);
    }

    @Test
    void opensslAcceptsTheSignatureWithThePrintedLine() throws IOException, InterruptedException {
        assumeThat(openssl("version")).as("openssl is installed").isZero();
        var signature = Files.write(folder.resolve("a document.txt.p7s"), signing.sign(document, folder));
        var line = OpenSslLine.verifying(signature, document, folder.resolve(Enrolment.AUTHORITY_FILE));
        assertThat(run(List.of("sh", "-c", line))).isZero();

        Files.writeString(document, "Lorem ipsum, changed");
        assertThat(run(List.of("sh", "-c", line))).isNotZero();
    }

    @Test
    void signaturesOfEarlierEnrolmentsStillVerify() throws IOException, InterruptedException {
        assumeThat(openssl("version")).as("openssl is installed").isZero();
        var signature = Files.write(folder.resolve("1.p7s"), signing.sign(document, folder));
        server.forgetful = true;
        signing.sign(document, folder);
        var line = OpenSslLine.verifying(signature, document, folder.resolve(Enrolment.AUTHORITY_FILE));
        assertThat(run(List.of("sh", "-c", line))).isZero();
    }

    @Test
    void tellsTheServersWordsWhenItRefuses() throws IOException {
        signing.sign(document, folder);
        var holder = Holder.load(folder).orElseThrow();
        new Holder(holder.credentialId(), "000", holder.otpSecret(), holder.lastOtpStep(), holder.certificate())
                .save(folder);
        assertThatThrownBy(() -> signing.sign(document, folder))
                .isInstanceOf(ServerAnswer.class)
                .hasMessageContaining("invalid_pin")
                .hasMessageContaining("The PIN is wrong");
    }

    private static int openssl(String argument) throws InterruptedException {
        try {
            return run(List.of("openssl", argument));
        } catch (IOException notInstalled) {
            return -1;
        }
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Goes on by ten seconds each time somebody looks at it, from the real time so that openssl finds dates valid. */
    private static final class HurryingClock extends Clock {

        private Instant time = Instant.ofEpochMilli(
                ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli());

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            time = time.plusSeconds(10);
            return time;
        }
    }
}
