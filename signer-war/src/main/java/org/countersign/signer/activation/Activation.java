package org.countersign.signer.activation;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
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

    private int position(byte[] hash) {
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
