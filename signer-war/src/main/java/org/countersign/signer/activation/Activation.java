package org.countersign.signer.activation;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What a holder authorized once: hashes, each with the number of times it may still be signed. With SCAL 1 there are no
 * hashes and one number. The numbers go down by one conditional statement of {@link Activations}.
 */
@Entity
@Table(name = "activation")
public class Activation {

    public static final String NOT_AUTHORIZED = "Hash is not authorized by the SAD.";

    @Id
    @Column(name = "id")
    private UUID id;

    @Column(name = "credential_id")
    private UUID credentialId;

    @Column(name = "client_id")
    private String clientId;

    @Column(name = "hashes")
    private byte[][] hashes;

    @Column(name = "remaining")
    private int[] remaining;

    @Column(name = "expires_at")
    private Instant expiresAt;

    protected Activation() {}

    /** Stands in the hashes for signatures whose hashes come later: no hash is empty. */
    private static final byte[] LATER = {};

    /**
     * SCAL 2, with more signatures than hashes: the rest are of hashes that {@link #extended} names.
     *
     * @param number of signatures, the hashes' number or more
     */
    public static Activation ofHashes(
            UUID id, UUID credentialId, String clientId, List<byte[]> authorized, int number, Instant expiresAt) {
        var all = new ArrayList<>(authorized);
        all.addAll(Collections.nCopies(number - authorized.size(), LATER));
        return ofHashes(id, credentialId, clientId, all, expiresAt);
    }

    /** SCAL 2: a hash that was sent twice may be signed twice. */
    public static Activation ofHashes(
            UUID id, UUID credentialId, String clientId, List<byte[]> authorized, Instant expiresAt) {
        var counts = new LinkedHashMap<ByteBuffer, Integer>();
        authorized.forEach(hash -> counts.merge(ByteBuffer.wrap(hash), 1, Integer::sum));
        var activation = new Activation(id, credentialId, clientId, expiresAt);
        activation.hashes = counts.keySet().stream().map(ByteBuffer::array).toArray(byte[][]::new);
        activation.remaining =
                counts.values().stream().mapToInt(Integer::intValue).toArray();
        return activation;
    }

    /** SCAL 1: a number of signatures, of whatever hashes. */
    public static Activation ofNumber(UUID id, UUID credentialId, String clientId, int number, Instant expiresAt) {
        var activation = new Activation(id, credentialId, clientId, expiresAt);
        activation.hashes = new byte[0][];
        activation.remaining = new int[] {number};
        return activation;
    }

    /** The stored one. */
    static Activation of(
            UUID id, UUID credentialId, String clientId, byte[][] hashes, int[] remaining, Instant expiresAt) {
        var activation = new Activation(id, credentialId, clientId, expiresAt);
        activation.hashes = hashes;
        activation.remaining = remaining;
        return activation;
    }

    /** The same of another identifier. */
    Activation as(UUID other) {
        return of(other, credentialId, clientId, hashes, remaining, expiresAt);
    }

    private Activation(UUID id, UUID credentialId, String clientId, Instant expiresAt) {
        this.id = id;
        this.credentialId = credentialId;
        this.clientId = clientId;
        this.expiresAt = expiresAt;
    }

    public UUID id() {
        return id;
    }

    public UUID credentialId() {
        return credentialId;
    }

    public String clientId() {
        return clientId;
    }

    byte[][] hashes() {
        return hashes;
    }

    int[] remaining() {
        return remaining;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    /** What the SAD carries to bind it to the hashes, wherever they are stored. */
    public byte[] binding() {
        var digest = DigestUtils.getSha256Digest();
        digest.update((id + " " + credentialId + " " + clientId).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (byte[] hash : hashes) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(hash.length).array());
            digest.update(hash);
        }
        return digest.digest();
    }

    /**
     * How much each number goes down when these hashes are signed.
     *
     * @return empty when one of them was not authorized
     */
    public Optional<int[]> take(List<byte[]> toSign) {
        var take = new int[remaining.length];
        if (hashes.length == 0) {
            take[0] = toSign.size();
            return Optional.of(take);
        }
        for (byte[] hash : toSign) {
            int position = position(hash);
            if (position < 0) {
                return Optional.empty();
            }
            take[position]++;
        }
        return Optional.of(take);
    }

    boolean isUsedUp() {
        return Arrays.stream(remaining).allMatch(number -> number == 0);
    }

    /** Of all its hashes, in bytes. */
    int length() {
        return Arrays.stream(hashes).mapToInt(hash -> hash.length).sum();
    }

    /** Whether hashes were named, as SCAL 2 wants it. */
    boolean namesHashes() {
        return hashes.length > 0;
    }

    /**
     * The same authorization as a new one, with what has not been signed yet.
     *
     * @param named with SCAL 2: these may be signed, each once or as often as it is here. One that was authorized and is not signed
     *     yet needs nothing more, the others need signatures whose hashes were left for later
     * @return empty when nothing is left, or not enough for these hashes
     */
    public Optional<Activation> extended(UUID newId, List<byte[]> named, Instant newExpiry) {
        if (!namesHashes()) {
            return remaining[0] == 0
                    ? Optional.empty()
                    : Optional.of(ofNumber(newId, credentialId, clientId, remaining[0], newExpiry));
        }
        var left = new LinkedHashMap<ByteBuffer, Integer>();
        for (int i = 0; i < hashes.length; i++) {
            left.put(ByteBuffer.wrap(hashes[i]), remaining[i]);
        }
        int later = Optional.ofNullable(left.remove(ByteBuffer.wrap(LATER))).orElse(0);
        var wanted = new LinkedHashMap<ByteBuffer, Integer>();
        named.forEach(hash -> wanted.merge(ByteBuffer.wrap(hash), 1, Integer::sum));
        for (var entry : wanted.entrySet()) {
            int have = left.getOrDefault(entry.getKey(), 0);
            if (entry.getValue() > have) {
                later -= entry.getValue() - have;
                left.put(entry.getKey(), entry.getValue());
            }
        }
        if (later < 0) {
            return Optional.empty();
        }
        var authorized = new ArrayList<byte[]>();
        left.forEach((hash, count) -> authorized.addAll(Collections.nCopies(count, hash.array())));
        return Optional.of(ofHashes(newId, credentialId, clientId, authorized, authorized.size() + later, newExpiry));
    }

    private int position(byte[] hash) {
        if (hash.length == 0) {
            return -1;
        }
        for (int i = 0; i < hashes.length; i++) {
            if (MessageDigest.isEqual(hashes[i], hash)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return "activation " + id + " of " + Arrays.stream(remaining).sum() + " signatures";
    }
}
