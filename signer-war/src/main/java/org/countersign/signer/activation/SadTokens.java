package org.countersign.signer.activation;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.SignerError;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.keys.ActivationKey;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.keys.AesKey;
import org.jose4j.lang.JoseException;

/** SADs as JWE (RFC 7516), {@code dir} and {@code A256GCM}, under a key derived from the context's SAD key. */
public final class SadTokens {

    private static final AlgorithmConstraints DIRECT =
            new AlgorithmConstraints(ConstraintType.PERMIT, KeyManagementAlgorithmIdentifiers.DIRECT);
    private static final AlgorithmConstraints AES_256_GCM =
            new AlgorithmConstraints(ConstraintType.PERMIT, ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
    private static final int MAX_LENGTH = 4_096;
    /** Ours alone: this very header, no encrypted key. What else there is to parse in a JWE never gets to the parser. */
    private static final Pattern FORM =
            Pattern.compile("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0\\.\\.[\\w-]{16}\\.[\\w-]+\\.[\\w-]{22}");

    private static final String SEAT = "seat";
    private static final String TENANT = "tenant";
    private static final String CLIENT = "client_id";
    private static final String BINDING = "binding";
    private static final String KEY = "key";

    private final Key key;
    private final Clock clock;

    /** @param sadKey 32 bytes or more; the AES key is derived from it */
    public SadTokens(byte[] sadKey, Clock clock) {
        var hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(sadKey, null, "countersign SAD v1".getBytes(StandardCharsets.US_ASCII)));
        var derived = new byte[32];
        hkdf.generateBytes(derived, 0, derived.length);
        this.key = new AesKey(derived);
        this.clock = clock;
    }

    public String seal(Sad sad) {
        var claims = new JwtClaims();
        claims.setJwtId(sad.activationId().toString());
        claims.setExpirationTime(NumericDate.fromSeconds(sad.expiresAt().getEpochSecond()));
        claims.setStringClaim(CLIENT, sad.clientId());
        claims.setStringClaim(SEAT, sad.seat().seat());
        claims.setStringClaim(TENANT, sad.seat().tenant());
        claims.setStringClaim(BINDING, Base64.getEncoder().encodeToString(sad.binding()));
        var bytes = sad.key().bytes();
        claims.setStringClaim(KEY, Base64.getEncoder().encodeToString(bytes));
        Arrays.fill(bytes, (byte) 0);
        try {
            var jwe = envelope();
            jwe.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.DIRECT);
            jwe.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
            jwe.setPayload(claims.toJson());
            return jwe.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException("A SAD does not encrypt", impossible);
        }
    }

    /** @throws ProtocolException {@code invalid_sad}, the same for a foreign, changed and malformed one, or expired */
    public Sad open(String text) {
        if (text.length() > MAX_LENGTH || !FORM.matcher(text).matches()) {
            throw invalid();
        }
        Sad sad;
        try {
            var jwe = envelope();
            jwe.setCompactSerialization(text);
            sad = read(JwtClaims.parse(jwe.getPayload()));
        } catch (JoseException | InvalidJwtException | MalformedClaimException | IllegalArgumentException malformed) {
            throw invalid();
        }
        if (!clock.instant().isBefore(sad.expiresAt())) {
            throw new ProtocolException(SignerError.INVALID_SAD, "The SAD has expired");
        }
        return sad;
    }

    public static ProtocolException invalid() {
        return new ProtocolException(SignerError.INVALID_SAD, "The SAD is invalid");
    }

    private static Sad read(JwtClaims claims) throws MalformedClaimException {
        return new Sad(
                UUID.fromString(claims.getJwtId()),
                claims.getStringClaimValue(CLIENT),
                new SeatName(claims.getStringClaimValue(SEAT), claims.getStringClaimValue(TENANT)),
                Base64.getDecoder().decode(claims.getStringClaimValue(BINDING)),
                new ActivationKey(Base64.getDecoder().decode(claims.getStringClaimValue(KEY))),
                Instant.ofEpochSecond(claims.getExpirationTime().getValue()));
    }

    private JsonWebEncryption envelope() {
        var jwe = new JsonWebEncryption();
        jwe.setAlgorithmConstraints(DIRECT);
        jwe.setContentEncryptionAlgorithmConstraints(AES_256_GCM);
        jwe.setKey(key);
        return jwe;
    }
}
