package org.countersign.wallet.keyattestations;

import static org.countersign.wallet.keyattestations.BadKeyAttestation.require;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.P256PublicKey;

/**
 * Apple App Attest: an attestation object in base64url. Apple signed that a genuine app of the operator's, on a genuine device, holds a
 * key in the Secure Enclave and hands this statement over. The app's own key signs no JWS, so the statement names the wallet's key:
 * {@code clientDataHash} is the SHA-256 of the nonce, a dot, and the key's thumbprint. That the app made that one in the Secure Enclave
 * too is the app's word, which is known to be unchanged.
 */
final class AppleAppAttest {

    static final String PREFIX = "apple-appattest:";

    private static final String NONCE_OID = "1.2.840.113635.100.8.2";
    private static final int NONCE_TAG = 1;
    private static final byte[] PRODUCTION = Arrays.copyOf("appattest".getBytes(StandardCharsets.US_ASCII), 16);
    private static final byte[] DEVELOPMENT = "appattestdevelop".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH = 32;
    private static final int ATTESTED = 0x40;
    /** Hash, flags, counter, AAGUID, and the length of the credential's identifier. */
    private static final int AUTHENTICATOR_DATA = HASH + 1 + 4 + 16 + 2;

    private static final int POINT_BYTES = 65;
    private static final int DEEPEST = 5;

    private static final CBORMapper CBOR = CBORMapper.builder(CBORFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final KeyAttestationSettings.Apple settings;

    AppleAppAttest(KeyAttestationSettings.Apple settings) {
        this.settings = settings;
    }

    /**
     * In the order of Apple's "Validating apps that connect to your server".
     *
     * @param text what follows the prefix
     * @param key the wallet's
     * @param nonce of the provider
     */
    AttestedKey verify(String text, P256PublicKey key, String nonce, Instant at) throws BadKeyAttestation {
        var object = parse(text);
        require("apple-appattest".equals(object.path("fmt").textValue()), "form of the attestation object");
        var data = bytes(object.path("authData"));
        // 1
        var own = AttestationPath.verify(chain(object.at("/attStmt/x5c")), settings.roots(), at)
                .get(0);
        // 2, 3, 4
        var client = DigestUtils.sha256(
                (nonce + "." + Base64Url.encode(key.thumbprint())).getBytes(StandardCharsets.US_ASCII));
        require(MessageDigest.isEqual(nonce(own), DigestUtils.sha256(concatenated(data, client))), "another challenge");
        require(data.length >= AUTHENTICATOR_DATA, "form of the authenticator data");
        var in = ByteBuffer.wrap(data);
        // 6
        require(settings.apps().contains(HexFormat.of().formatHex(take(in, HASH))), "another app");
        require((in.get() & ATTESTED) != 0, "form of the authenticator data");
        // 7
        require(in.getInt() == 0, "counter");
        // 8
        var aaguid = take(in, 16);
        require(
                MessageDigest.isEqual(aaguid, PRODUCTION)
                        || settings.development() && MessageDigest.isEqual(aaguid, DEVELOPMENT),
                "environment of the app");
        // 5, 9
        int length = Short.toUnsignedInt(in.getShort());
        require(length == HASH && in.remaining() >= length, "form of the authenticator data");
        require(MessageDigest.isEqual(take(in, HASH), identifier(own)), "identifier of the key");
        return new AttestedKey(AttestedKey.SECURE_ENCLAVE, Optional.empty());
    }

    private static JsonNode parse(String text) throws BadKeyAttestation {
        var bytes = Base64Url.decode(text).orElseThrow(() -> new BadKeyAttestation("form of the attestation object"));
        try {
            return CBOR.readTree(bytes);
        } catch (IOException malformed) {
            throw new BadKeyAttestation("form of the attestation object");
        }
    }

    private static byte[] bytes(JsonNode node) throws BadKeyAttestation {
        try {
            require(node.isBinary(), "form of the attestation object");
            return node.binaryValue();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<byte[]> chain(JsonNode x5c) throws BadKeyAttestation {
        var chain = new ArrayList<byte[]>();
        for (JsonNode certificate : x5c) {
            chain.add(bytes(certificate));
        }
        return chain;
    }

    /** {@code SEQUENCE { [1] EXPLICIT OCTET STRING }}. */
    private static byte[] nonce(X509Certificate certificate) throws BadKeyAttestation {
        var extension = certificate.getExtensionValue(NONCE_OID);
        require(extension != null, "no challenge");
        try {
            var sequence = ASN1Sequence.getInstance(
                    ASN1Primitive.fromByteArray(ASN1OctetString.getInstance(ASN1Primitive.fromByteArray(extension))
                            .getOctets()));
            require(sequence.size() == 1, "form of the challenge");
            var tagged = ASN1TaggedObject.getInstance(sequence.getObjectAt(0));
            require(tagged.getTagNo() == NONCE_TAG, "form of the challenge");
            return ASN1OctetString.getInstance(tagged, true).getOctets();
        } catch (IOException | IllegalArgumentException | IllegalStateException malformed) {
            throw new BadKeyAttestation("form of the challenge");
        }
    }

    /** SHA-256 of the point, uncompressed (X9.62). */
    private static byte[] identifier(X509Certificate certificate) throws BadKeyAttestation {
        var key = AttestationPath.key(certificate);
        return DigestUtils.sha256(ByteBuffer.allocate(POINT_BYTES)
                .put((byte) 4)
                .put(Base64Url.decode(key.x()).orElseThrow())
                .put(Base64Url.decode(key.y()).orElseThrow())
                .array());
    }

    private static byte[] take(ByteBuffer in, int length) {
        var taken = new byte[length];
        in.get(taken);
        return taken;
    }

    private static byte[] concatenated(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }
}
