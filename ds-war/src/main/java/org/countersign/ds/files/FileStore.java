package org.countersign.ds.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.logging.ContextLogger;

/**
 * A folder of files named by the SHA-256 of their content, and by nothing that anybody sent. Files come as a stream and
 * leave as one; what is there is whole: it is written beside, forced to the disk and renamed. Nodes of a company share
 * the folder.
 */
public final class FileStore {

    private static final System.Logger LOG = ContextLogger.of(FileStore.class);
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
    private static final String INCOMING = ".incoming";
    private static final int BUFFER = 1 << 16;
    /** Longer than any upload or download takes. */
    private static final Duration KEPT_UNUSED = Duration.ofDays(1);

    private final Path folder;
    private final long most;
    private final Entropy entropy;
    private final Clock clock;

    /**
     * @param folder made when it is absent
     * @param most the largest file, in bytes
     */
    public FileStore(Path folder, long most, Entropy entropy, Clock clock) {
        this.folder = folder;
        this.most = most;
        this.entropy = entropy;
        this.clock = clock;
        try {
            Files.createDirectories(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException("The folder of installers and plug-ins can not be used", failure);
        }
    }

    /**
     * Reads to the end.
     *
     * @throws ProtocolException {@code invalid_request}: 413 when it is too long, 400 when it is empty
     */
    public StoredFile add(InputStream content) {
        var incoming = folder.resolve(entropy.uuid() + INCOMING);
        try {
            try {
                var stored = write(content, incoming);
                Files.move(incoming, path(stored.sha256()), StandardCopyOption.ATOMIC_MOVE);
                force(folder);
                return stored;
            } finally {
                Files.deleteIfExists(incoming);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("A file could not be kept", failure);
        }
    }

    private StoredFile write(InputStream content, Path incoming) throws IOException {
        var digest = DigestUtils.getSha256Digest();
        long size = 0;
        try (var channel = FileChannel.open(incoming, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                size += read;
                if (size > most) {
                    throw new ProtocolException(OAuth2Error.PAYLOAD_TOO_LARGE, "Payload is too large");
                }
                digest.update(buffer, 0, read);
                var bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            channel.force(true);
        }
        if (size == 0) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        return new StoredFile(HexFormat.of().formatHex(digest.digest()), size);
    }

    /** The rename is on the disk, too. */
    private static void force(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * To be read and closed by the caller.
     *
     * @throws ProtocolException {@code not_found} when the file is gone or has another length than it should
     */
    public FileChannel open(StoredFile file) {
        try {
            var channel = FileChannel.open(path(file.sha256()), StandardOpenOption.READ);
            if (channel.size() == file.size()) {
                return channel;
            }
            channel.close();
            LOG.log(System.Logger.Level.ERROR, "The file {0} has not the length it had", file.sha256());
        } catch (NoSuchFileException gone) {
            LOG.log(System.Logger.Level.ERROR, "The file {0} is gone from the folder", file.sha256());
        } catch (IOException failure) {
            throw new UncheckedIOException("A file could not be read", failure);
        }
        throw new ProtocolException(OAuth2Error.NOT_FOUND, "The file was not found");
    }

    /**
     * Deletes what an interrupted upload left and files that nobody names any more, a day later.
     *
     * @param used the SHA-256 of files that are named
     */
    public void purge(Set<String> used) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            var before = clock.instant().minus(KEPT_UNUSED);
            for (var file : files) {
                var name = file.getFileName().toString();
                boolean ours = name.endsWith(INCOMING) || NAME.matcher(name).matches() && !used.contains(name);
                if (ours && isFrom(file, before)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("The folder of installers and plug-ins can not be read", failure);
        }
    }

    private static boolean isFrom(Path file, Instant before) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(before);
        } catch (NoSuchFileException gone) {
            // renamed, or purged by another node
            return false;
        }
    }

    private Path path(String sha256) {
        if (!NAME.matcher(sha256).matches()) {
            throw new IllegalArgumentException("Not a SHA-256");
        }
        return folder.resolve(sha256);
    }
}
