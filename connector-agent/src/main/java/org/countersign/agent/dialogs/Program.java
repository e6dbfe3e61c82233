package org.countersign.agent.dialogs;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * Runs a program of the desktop for one answer.
 *
 * @param environment the agent's, which says where the desktop is
 */
record Program(Map<String, String> environment) {

    private static final System.Logger LOG = System.getLogger(Program.class.getName());
    private static final int LARGEST_OUTPUT = 4_096;
    /** Zenity's, when its own time is over. */
    private static final int LARGEST_ANSWER = 5;

    /** What a program needs on its standard input. */
    @FunctionalInterface
    interface Input {
        void write(OutputStream stream) throws IOException;
    }

    /**
     * How it ended.
     *
     * @param output nothing when it is longer than 4 KiB
     */
    record Ending(int status, Optional<byte[]> output) {

        /** What it wrote, without the end of the line. The bytes are wiped. */
        Optional<char[]> line() {
            return output.map(bytes -> {
                int length = bytes.length;
                while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
                    length--;
                }
                CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes, 0, length));
                var characters = new char[decoded.remaining()];
                decoded.get(characters);
                Arrays.fill(decoded.array(), '\0');
                Arrays.fill(bytes, (byte) 0);
                return characters;
            });
        }
    }

    /** A program of that name on the path. */
    Optional<Path> find(String name) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    boolean has(String variable) {
        return !environment.getOrDefault(variable, "").isEmpty();
    }

    /**
     * Runs it to its end, or to that of the patience.
     *
     * @throws ProtocolException {@code no_desktop} when it does not start
     */
    Ending run(List<String> command, Duration patience, Input input) {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        if (Charset.defaultCharset().equals(StandardCharsets.UTF_8)) {
            // Of arguments in another encoding than its locale's, a program makes nothing.
            builder.environment().put("LC_ALL", "C.UTF-8");
        }
        try {
            var process = builder.start();
            var ended = new AtomicBoolean();
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> end(process, ended));
            try (var stream = process.getOutputStream()) {
                input.write(stream);
            } catch (IOException gone) {
                // Its status says why.
            }
            try (var output = process.getInputStream()) {
                var bytes = output.readNBytes(LARGEST_OUTPUT + 1);
                boolean whole = bytes.length <= LARGEST_OUTPUT;
                if (!whole) {
                    end(process, ended);
                }
                int status = process.waitFor();
                if (status > LARGEST_ANSWER && !ended.get()) {
                    LOG.log(System.Logger.Level.WARNING, "{0} failed with status {1}", command.get(0), status);
                }
                return new Ending(status, whole ? Optional.of(bytes) : Optional.empty());
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException absent) {
            throw none();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ProtocolException(AgentError.BUSY, "The agent is being stopped");
        }
    }

    private static void end(Process process, AtomicBoolean ended) {
        ended.set(true);
        process.destroyForcibly();
    }

    static ProtocolException none() {
        return new ProtocolException(AgentError.NO_DESKTOP, "The agent has no desktop to ask the user on");
    }
}
