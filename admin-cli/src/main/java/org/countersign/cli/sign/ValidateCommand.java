package org.countersign.cli.sign;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.countersign.cli.installation.Installation;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import org.countersign.cli.up.DataFolder;
import org.countersign.cli.up.RunState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign validate FILE}. */
@Command(
        name = "validate",
        description = {
            "Have the running server explain a file's signatures, or certificates.",
            "Ends with 0 when there are some and all are valid, else with 1."
        })
public final class ValidateCommand implements Callable<Integer> {

    private static final Set<String> PASSED = Set.of("TOTAL_PASSED", "PASSED");

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "What has the signatures: PDF, XML, JSON, CMS, ASiC; or certificates: PEM, DER, PKCS#7.")
    private Path file;

    @Option(names = "--original", paramLabel = "FILE", description = "What a detached signature is of.")
    private Path original;

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder given to up.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        requireFile(file);
        if (original != null) {
            requireFile(original);
        }
        var data = new DataFolder(folder == null ? Installation.locate().defaultData() : folder);
        var option = folder == null ? "" : " --data " + folder;
        var state = RunState.current(data)
                .filter(RunState::ready)
                .orElseThrow(() -> Refusal.notRunning(
                        "No server is ready on " + data.path() + ". Start one: ./countersign up --detach" + option));
        try {
            var api = new SignerApi(state.signer());
            var seat = DemonstrationSeat.JDOE;
            var token = api.token(seat.clientId(), seat.clientSecret(), seat.scope());
            return explain(api.validate(token, file, Optional.ofNullable(original)), Terminal.standard());
        } catch (ServerAnswer refusal) {
            throw Refusal.failed("The server refused: " + refusal.getMessage() + ".");
        } catch (ConnectException gone) {
            throw Refusal.notRunning(
                    "The server at " + state.signer() + " does not answer. See: ./countersign status" + option);
        }
    }

    private static void requireFile(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw Refusal.failed(file + (Files.exists(file) ? " is no file that can be read." : " does not exist."));
        }
    }

    private static int explain(JsonNode explanation, Terminal terminal) {
        var signatures = explanation.path("signatures");
        var certificates = explanation.path("certificates");
        if (signatures.isEmpty() && certificates.isEmpty()) {
            terminal.say("There are no signatures.");
            return 1;
        }
        signatures.forEach(signature -> explain(
                signature,
                signature.path("format").asText() + " by "
                        + signature.path("signedBy").asText("nobody known") + ", who says it was at "
                        + signature.path("signingTime").asText("no time"),
                terminal));
        certificates.forEach(certificate -> explain(
                certificate,
                certificate.path("subject").asText() + ", by "
                        + certificate.path("issuer").asText() + ", until "
                        + certificate.path("notAfter").asText(),
                terminal));
        return allPassed(signatures) && allPassed(certificates) ? 0 : 1;
    }

    private static boolean allPassed(JsonNode judged) {
        return StreamSupport.stream(judged.spliterator(), false)
                .allMatch(each -> PASSED.contains(each.path("indication").asText()));
    }

    private static void explain(JsonNode judged, String what, Terminal terminal) {
        var indication = judged.path("indication").asText();
        var verdict = PASSED.contains(indication)
                ? "Valid"
                : indication + " " + judged.path("subIndication").asText();
        terminal.say(printable(verdict + ": " + what));
        say("covers", judged, terminal);
        say("errors", judged, terminal);
        say("warnings", judged, terminal);
    }

    private static void say(String member, JsonNode signature, Terminal terminal) {
        signature.path(member).forEach(text -> terminal.say(printable("  " + member + ": " + text.asText())));
    }

    /** What a document says of itself gives no orders to a terminal, and is read in the order it is written in. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }
}
