package org.countersign.agent.card;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.countersign.agent.Tools;
import org.junit.jupiter.api.Assumptions;

/** pcscd with vpcd's driver, started by the test. */
public final class ReaderService implements AutoCloseable {

    private static final Path DRIVER = Path.of("/usr/lib/pcsc/drivers/serial/libifdvpcd.so");
    private static final Path SOCKET = Path.of("/run/pcscd/pcscd.comm");

    private Process process;
    private Path configuration;

    /** Skips the test, with a printed reason, where the packages or the rights are missing. */
    public static void require() {
        Tools.require("pcscd", "openssl");
        Tools.requireFile(DRIVER);
        if (!"root".equals(System.getProperty("user.name"))) {
            System.err.println("Skipped: pcscd is started by root only");
            Assumptions.abort("pcscd is started by root only");
        }
    }

    public void start() {
        try {
            Files.deleteIfExists(SOCKET);
            if (configuration == null) {
                configuration = Files.createTempFile("countersign-readers", ".conf");
                var channel = "0x" + Integer.toHexString(VirtualReader.PORT);
                Files.writeString(configuration, """
                        FRIENDLYNAME "Virtual PCD"
                        DEVICENAME   /dev/null:%s
                        LIBPATH      %s
                        CHANNELID    %s
                        """.formatted(channel, DRIVER, channel));
            }
            process = new ProcessBuilder("/usr/sbin/pcscd", "--foreground", "--config", configuration.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** As a crash does it. */
    public void kill() {
        process.destroyForcibly();
        await(process);
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            await(process);
        }
        if (configuration != null) {
            try {
                Files.deleteIfExists(configuration);
            } catch (IOException leftBehind) {
                throw new UncheckedIOException(leftBehind);
            }
            configuration = null;
        }
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
