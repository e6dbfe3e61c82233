package org.countersign.server.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * The anchor file of one chain while it is written. Holding the lock on the empty {@code CHAIN.lock} beside it is what
 * makes a chain a living one; the operating system takes the lock from a killed process. The lock is not on the anchor
 * file itself because POSIX drops a process's locks on a file when any descriptor of it is closed, and reading closes one.
 */
final class AnchorFile implements Closeable {

    private final Path folder;
    private final UUID chain;
    private final Path lockFile;
    private final FileChannel lock;
    private final FileChannel file;
    private int nextSlot;
    private volatile boolean unforced;

    private AnchorFile(Path folder, UUID chain, Path lockFile, FileChannel lock, FileChannel file) {
        this.folder = folder;
        this.chain = chain;
        this.lockFile = lockFile;
        this.lock = lock;
        this.file = file;
    }

    /** Takes the file of a chain, there already or not; empty when its writer lives. */
    static Optional<AnchorFile> claim(Path folder, UUID chain) throws IOException {
        var lockFile = folder.resolve(chain + ".lock");
        var lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() != null) {
                var file = FileChannel.open(
                        AnchorSlots.file(folder, chain), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                return Optional.of(new AnchorFile(folder, chain, lockFile, lock, file));
            }
        } catch (OverlappingFileLockException ofThisProcess) {
            // Its writer is another log of this process.
        } catch (IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
        lock.close();
        return Optional.empty();
    }

    void write(SignedHead head) throws IOException {
        var bytes = ByteBuffer.wrap(AnchorSlots.slotBytes(head));
        if (file.size() < (long) AnchorSlots.COUNT * AnchorSlots.BYTES) {
            // New, or its writer died while making it: both slots, so that an empty one is never right.
            write(bytes.duplicate(), 1);
            write(bytes, 0);
            nextSlot = 1;
            force();
            forceFolder();
            return;
        }
        write(bytes, nextSlot);
        nextSlot = 1 - nextSlot;
    }

    AnchorSlots read() throws IOException {
        var slots = AnchorSlots.read(folder, chain);
        nextSlot = slots.olderSlot();
        return slots;
    }

    /** Brings what was written since the last call to the disk. */
    void force() throws IOException {
        if (unforced) {
            unforced = false;
            file.force(false);
        }
    }

    /** After the chain's last head: nobody needs to know any more whether its writer lives. */
    void end() throws IOException {
        force();
        Files.deleteIfExists(lockFile);
        close();
    }

    @Override
    public void close() throws IOException {
        try (lock;
                file) {
            force();
        }
    }

    private void write(ByteBuffer bytes, int slot) throws IOException {
        long position = (long) slot * AnchorSlots.BYTES;
        while (bytes.hasRemaining()) {
            position += file.write(bytes, position);
        }
        unforced = true;
    }

    private void forceFolder() throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (var entries = FileChannel.open(folder, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
    }
}
