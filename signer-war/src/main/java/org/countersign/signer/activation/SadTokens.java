package org.countersign.signer.activation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.keys.ActivationKey;
import org.countersign.server.keys.SealedSecrets;

/**
 * SADs as JWE (RFC 7516), {@code dir} and {@code A256GCM}, under a key derived from the context's SAD key. Written and read
 * here and not by a JOSE library: there is one header, so nothing of a JWE is left to be parsed but its three last parts, and
 * half of the time and most of the garbage were the library's, on the path of every signature.
 */
public final class SadTokens {

    public static final String EXPIRED = "The SAD has expired";

    /** <code>{"alg":"dir","enc":"A256GCM"}</code>, and no encrypted key. */
    private static final String HEADER = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0";

    private static final byte[] AUTHENTICATED = HEADER.getBytes(StandardCharsets.US_ASCII);
    private static final Pattern FORM = Pattern.compile(HEADER + "\\.\\.([\\w-]{16})\\.([\\w-]+)\\.([\\w-]{22})");
    private static final int MAX_LENGTH = 4_096;

    private static final int TYPICAL_LENGTH = 512;

    private static final byte FORMAT = 1;

    private final SealedSecrets sealed;
    private final Clock clock;

    /** @param sadKey 32 bytes or more; the AES key is derived from it */
    public SadTokens(byte[] sadKey, Entropy entropy, Clock clock) {
        this(sadKey, "countersign SAD v1", entropy, clock);
    }

    private SadTokens(byte[] sadKey, String label, Entropy entropy, Clock clock) {
        var hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(sadKey, null, label.getBytes(StandardCharsets.US_ASCII)));
        var derived = new byte[32];
        hkdf.generateBytes(derived, 0, derived.length);
        this.sealed = new SealedSecrets(derived, entropy);
        this.clock = clock;
    }

    /** For what becomes a SAD once the holder approves: under a key of its own, so that none is taken for the other. */
    public static SadTokens handles(byte[] sadKey, Entropy entropy, Clock clock) {
        return new SadTokens(sadKey, "countersign approval handle v1", entropy, clock);
    }

    public String seal(Sad sad) {
        var plaintext = write(sad);
        try {
            var parts = sealed.seal(plaintext, AUTHENTICATED);
            int tag = parts.length - SealedSecrets.TAG_LENGTH;
            return HEADER + ".." + encoded(parts, 0, SealedSecrets.NONCE_LENGTH) + '.'
                    + encoded(parts, SealedSecrets.NONCE_LENGTH, tag) + '.' + encoded(parts, tag, parts.length);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    /** @throws ProtocolException {@code invalid_sad}, the same for a foreign, changed and malformed one, or expired */
    public Sad open(String text) {
        var parts = FORM.matcher(text);
        if (text.length() > MAX_LENGTH || !parts.matches()) {
            throw invalid();
        }
        Sad sad;
        try {
            var bytes = ByteBuffer.allocate(text.length());
            for (int part = 1; part <= parts.groupCount(); part++) {
                bytes.put(Base64Url.decode(parts.group(part)).orElseThrow(SadTokens::invalid));
            }
            sad = read(sealed.open(Arrays.copyOf(bytes.array(), bytes.position()), AUTHENTICATED)
                    .orElseThrow(SadTokens::invalid));
        } catch (IOException | IllegalArgumentException malformed) {
            throw invalid();
        }
        if (!clock.instant().isBefore(sad.expiresAt())) {
            throw new ProtocolException(SignerError.INVALID_SAD, EXPIRED);
        }
        return sad;
    }

    private static String encoded(byte[] bytes, int from, int to) {
        return Base64Url.encode(Arrays.copyOfRange(bytes, from, to));
    }

    public static ProtocolException invalid() {
        return new ProtocolException(SignerError.INVALID_SAD, "The SAD is invalid");
    }

    /** Fixed fields in binary: read on the path of every signature. */
    private static byte[] write(Sad sad) {
        var bytes = new ByteArrayOutputStream(TYPICAL_LENGTH);
        var key = sad.key().bytes();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeLong(sad.activationId().getMostSignificantBits());
            out.writeLong(sad.activationId().getLeastSignificantBits());
            out.writeLong(sad.expiresAt().getEpochSecond());
            out.writeUTF(sad.clientId());
            out.writeUTF(sad.seat().seat());
            out.writeUTF(sad.seat().tenant());
            out.writeByte(sad.binding().length);
            out.write(sad.binding());
            out.write(key);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        return bytes.toByteArray();
    }

    private static Sad read(byte[] plaintext) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(plaintext))) {
            if (in.readByte() != FORMAT) {
                throw new IOException("a SAD of another format");
            }
            var activationId = new UUID(in.readLong(), in.readLong());
            var expiresAt = Instant.ofEpochSecond(in.readLong());
            var clientId = in.readUTF();
            var seat = new SeatName(in.readUTF(), in.readUTF());
            var binding = new byte[in.readByte()];
            in.readFully(binding);
            var key = in.readAllBytes();
            var sad = new Sad(activationId, clientId, seat, binding, new ActivationKey(key), expiresAt);
            Arrays.fill(key, (byte) 0);
            return sad;
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }
}
