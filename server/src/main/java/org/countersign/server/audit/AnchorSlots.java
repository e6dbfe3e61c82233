package org.countersign.server.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An anchor file as read: two slots of 512 bytes, a sector each, in which the heads of one chain take turns. A slot is
 * the line of a {@link SignedHead}, filled up with spaces and ended by a line feed.
 *
 * @param slots per slot the head, or empty when it is unreadable or of another chain than the file's name says
 */
record AnchorSlots(UUID chain, List<Optional<SignedHead>> slots) {

    static final int COUNT = 2;
    static final int BYTES = 512;

    private static final String SUFFIX = ".anchor";

    static Path file(Path folder, UUID chain) {
        return folder.resolve(chain + SUFFIX);
    }

    /** The chains a folder has files of. */
    static List<UUID> chains(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .flatMap(name -> chain(name.substring(0, name.length() - SUFFIX.length())).stream())
                    .toList();
        }
    }

    static AnchorSlots read(Path folder, UUID chain) throws IOException {
        byte[] content;
        try (var in = Files.newInputStream(file(folder, chain))) {
            content = in.readNBytes(COUNT * BYTES + 1);
        }
        var slots = new ArrayList<Optional<SignedHead>>();
        for (int slot = 0; slot < COUNT; slot++) {
            slots.add(content.length == COUNT * BYTES ? slot(chain, content, slot) : Optional.empty());
        }
        return new AnchorSlots(chain, List.copyOf(slots));
    }

    static byte[] slotBytes(SignedHead head) {
        var bytes = new byte[BYTES];
        java.util.Arrays.fill(bytes, (byte) ' ');
        byte[] line = head.toLine().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(line, 0, bytes, 0, line.length);
        bytes[BYTES - 1] = '\n';
        return bytes;
    }

    /** The newest head one of the keys signed. */
    Optional<SignedHead> newest(List<AnchorPublicKey> keys) {
        return slots.stream()
                .flatMap(Optional::stream)
                .filter(head -> signed(head, keys))
                .max(newestLast());
    }

    /** Whether both slots hold heads that one of the keys signed. */
    boolean whole(List<AnchorPublicKey> keys) {
        return slots.stream()
                .allMatch(slot -> slot.filter(head -> signed(head, keys)).isPresent());
    }

    /** The newest head, signed or not. */
    Optional<SignedHead> unverifiedNewest() {
        return slots.stream().flatMap(Optional::stream).max(newestLast());
    }

    /** The slot the next head goes to: the one whose loss matters least. */
    int olderSlot() {
        var newest = unverifiedNewest();
        return newest.isPresent() && slots.get(0).equals(newest) ? 1 : 0;
    }

    private static Comparator<SignedHead> newestLast() {
        // A last head may have the number of the one before it.
        return Comparator.comparingLong((SignedHead head) -> head.head().seq()).thenComparing(SignedHead::state);
    }

    private static boolean signed(SignedHead head, List<AnchorPublicKey> keys) {
        return keys.stream().anyMatch(key -> key.signed(head));
    }

    private static Optional<SignedHead> slot(UUID chain, byte[] content, int slot) {
        if (content[(slot + 1) * BYTES - 1] != '\n') {
            return Optional.empty();
        }
        var line = new String(content, slot * BYTES, BYTES - 1, StandardCharsets.ISO_8859_1);
        return SignedHead.ofLine(line).filter(head -> head.head().chain().equals(chain));
    }

    private static Optional<UUID> chain(String name) {
        try {
            return Optional.of(UUID.fromString(name))
                    .filter(chain -> chain.toString().equals(name));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
