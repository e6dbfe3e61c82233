package org.countersign.cli.sign;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.process.Folders;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import org.countersign.cli.up.DataFolder;
import org.countersign.cli.up.RunState;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.wiring.Wiring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign sign FILE}. */
@Wiring
@Command(name = "sign", description = "Have a file signed by the running server, as demonstration seat jdoe@acme.")
public final class SignCommand implements Callable<Integer> {

    private static final String PDF = ".pdf";

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description =
                    "The file. Of a PDF, contract.pdf, the signed one is written to contract-signed.pdf; of any other file"
                            + " the signature is written to FILE.p7s.")
    private Path file;

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder given to up.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw Refusal.failed(file + (Files.exists(file) ? " is no file that can be read." : " does not exist."));
        }
        var terminal = Terminal.standard();
        var data = new DataFolder(folder == null ? Installation.locate().defaultData() : folder);
        var option = folder == null ? "" : " --data " + folder;
        var state = RunState.current(data)
                .filter(RunState::ready)
                .orElseThrow(() -> Refusal.notRunning(
                        "No server is ready on " + data.path() + ". Start one: ./countersign up --detach" + option));
        var demo = Folders.createPrivate(data.demo());
        // One at a time: two would use the same one-time password.
        try (var channel = FileChannel.open(demo.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assert lock.isValid();
            if (isPdf()) {
                signPdf(signing(state, terminal), demo, terminal);
            } else {
                var signature = write(signing(state, terminal).sign(file, demo));
                print(signature, demo.resolve(Enrolment.AUTHORITY_FILE), terminal);
            }
        } catch (ServerAnswer refusal) {
            throw Refusal.failed("The server refused: " + refusal.getMessage() + ".");
        } catch (ConnectException gone) {
            throw Refusal.notRunning(
                    "The server at " + state.signer() + " does not answer. See: ./countersign status" + option);
        }
        return 0;
    }

    private boolean isPdf() {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(PDF);
    }

    private void signPdf(Signing signing, Path demo, Terminal terminal) throws IOException {
        var name = file.getFileName().toString();
        var target = file.resolveSibling(name.substring(0, name.length() - PDF.length()) + "-signed.pdf");
        var temporary = target.resolveSibling("." + target.getFileName() + ".new");
        try {
            signing.signPdf(file, demo, temporary);
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        terminal.say("Written: " + target + " (PAdES).");
        terminal.say("");
        terminal.say("Have it explained with");
        terminal.say("  ./countersign validate " + target + (folder == null ? "" : " --data " + folder));
    }

    private static Signing signing(RunState state, Terminal terminal) {
        var clock = Clock.systemUTC();
        var api = new SignerApi(state.signer());
        var passwords = new OneTimePasswords(clock, terminal);
        var enrolment = new Enrolment(api, clock, Entropy.system(), passwords, terminal);
        return new Signing(api, DemonstrationSeat.JDOE, enrolment, passwords, clock, terminal);
    }

    private Path write(byte[] signature) throws IOException {
        var target = file.resolveSibling(file.getFileName() + ".p7s");
        var temporary = target.resolveSibling("." + target.getFileName() + ".new");
        Files.write(temporary, signature);
        return Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private void print(Path signature, Path authority, Terminal terminal) {
        var here = Path.of("").toAbsolutePath();
        var shown = authority.startsWith(here) ? here.relativize(authority) : authority;
        terminal.say("Written: " + signature + " (detached CMS signature, DER).");
        terminal.say("");
        terminal.say("Check it with");
        terminal.say("  " + OpenSslLine.verifying(signature, file, shown));
    }
}
