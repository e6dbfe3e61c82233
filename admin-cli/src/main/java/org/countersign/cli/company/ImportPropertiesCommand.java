package org.countersign.cli.company;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign company import-properties}. */
@Command(
        name = "import-properties",
        mixinStandardHelpOptions = true,
        description = "Turn a file of properties (spring.datasource.*, alison.server.hsm.*, .ntp.*, .aws.*) into a"
                + " company's JSON file. Exit code 1 when a property is not known; the file is written all the same.")
final class ImportPropertiesCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "PROPERTIES", description = "The file of properties.")
    private Path source;

    @Parameters(index = "1", paramLabel = "JSON", description = "The file to write; it must not exist.")
    private Path target;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            description =
                    "The company's tenant, which the properties do not tell. Without it the list is left to be filled.")
    private String tenant;

    @Option(
            names = "--password-reference",
            paramLabel = "REFERENCE",
            description = "Stands for the database's password: ${env:NAME} or ${file:PATH}. Without it the password is"
                    + " copied as it is.")
    private String passwordReference;

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(source)) {
            throw Refusal.failed(source + " does not exist.");
        }
        if (Files.exists(target)) {
            throw Refusal.failed(target + " exists already; nothing was written.");
        }
        var imported = ImportedProperties.of(properties(Files.readAllBytes(source)), tenant, passwordReference);
        DurableFile.write(target, imported.json().getBytes(StandardCharsets.UTF_8), DurableFile.OWNER_ONLY);
        var terminal = Terminal.standard();
        terminal.say("Written: " + target + " (readable by its owner only).");
        imported.remarks().forEach(remark -> terminal.say("  " + remark));
        List<String> unknown = imported.unknown();
        unknown.forEach(name -> terminal.say("  not known, not taken over: " + name));
        return unknown.isEmpty() ? 0 : Refusal.FAILED;
    }

    /**
     * UTF-8, as people write it today, or ISO 8859-1, as {@link Properties#load(java.io.InputStream)} defines it, which
     * nearly never is valid UTF-8; {@code \\u00fc} in either.
     */
    static Properties properties(byte[] content) throws IOException {
        var properties = new Properties();
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            properties.load(new StringReader(text.toString().replaceFirst("^\\uFEFF", "")));
        } catch (CharacterCodingException notUtf8) {
            properties.load(new ByteArrayInputStream(content));
        } catch (IllegalArgumentException malformed) {
            throw Refusal.failed("The file of properties is malformed: " + malformed.getMessage());
        }
        return properties;
    }
}
