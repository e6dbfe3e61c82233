package org.countersign.server.keys;

import java.util.Locale;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.KeyAlgorithm.Family;

/** How a hash is signed. Names are those of {@code signAlgo}; contract signer.md, paragraph {@code signAlgo}. */
public enum SignatureAlgorithm {
    SHA256WITHRSA(Scheme.PKCS1, HashAlgorithm.SHA256, "1.2.840.113549.1.1.11"),
    SHA384WITHRSA(Scheme.PKCS1, HashAlgorithm.SHA384, "1.2.840.113549.1.1.12"),
    SHA512WITHRSA(Scheme.PKCS1, HashAlgorithm.SHA512, "1.2.840.113549.1.1.13"),
    SHA256WITHRSAANDMGF1(Scheme.PSS, HashAlgorithm.SHA256, "1.2.840.113549.1.1.10"),
    SHA384WITHRSAANDMGF1(Scheme.PSS, HashAlgorithm.SHA384, "1.2.840.113549.1.1.10"),
    SHA512WITHRSAANDMGF1(Scheme.PSS, HashAlgorithm.SHA512, "1.2.840.113549.1.1.10"),
    SHA256WITHECDSA(Scheme.ECDSA, HashAlgorithm.SHA256, "1.2.840.10045.4.3.2"),
    SHA384WITHECDSA(Scheme.ECDSA, HashAlgorithm.SHA384, "1.2.840.10045.4.3.3"),
    SHA512WITHECDSA(Scheme.ECDSA, HashAlgorithm.SHA512, "1.2.840.10045.4.3.4"),
    /** Pure Ed25519 (RFC 8032 §5.1): what stands for the hash is the message. */
    ED25519(Scheme.EDDSA, null, "1.3.101.112");

    /**
     * The longest message Ed25519 signs, in bytes. Callers send hashes or signed attributes, which are far shorter; the
     * bound keeps one request of many messages from holding the memory of many.
     */
    public static final int MAX_MESSAGE_BYTES = 65_536;

    public static final String OTHER_KEY = "signAlgo does not fit the credential's key";

    /** How the refusal of a hash begins that is not as long as its algorithm's. */
    public static final String WRONG_LENGTH = "The length of a hash does not fit its algorithm";

    public static final String WRONG_MESSAGE = "A message for ED25519 has 1 to 65536 bytes";

    enum Scheme {
        PKCS1(Family.RSA),
        PSS(Family.RSA),
        ECDSA(Family.EC),
        EDDSA(Family.ED25519);

        private final Family family;

        Scheme(Family family) {
            this.family = family;
        }
    }

    private final Scheme scheme;
    private final HashAlgorithm hash;
    private final String oid;

    SignatureAlgorithm(Scheme scheme, HashAlgorithm hash, String oid) {
        this.scheme = scheme;
        this.hash = hash;
        this.oid = oid;
    }

    /**
     * Reads the wire fields; names are not case-sensitive.
     *
     * @param signAlgo a name that says the hash, or RSA, RSASSA-PSS, RSAANDMGF1, ECDSA with {@code hashAlgo}, or an OID
     * @param hashAlgo name or OID; null when {@code signAlgo} says the hash
     * @throws ProtocolException invalid_request
     */
    public static SignatureAlgorithm parse(String signAlgo, String hashAlgo) {
        return SignatureAlgorithmNames.parse(signAlgo, hashAlgo);
    }

    /** As the wire spells it. */
    public String wireName() {
        return name();
    }

    /** The OID in dotted form. The PSS ones share one and need {@link #hash()} as well. */
    public String oid() {
        return oid;
    }

    public Family family() {
        return scheme.family;
    }

    Scheme scheme() {
        return scheme;
    }

    /** @throws IllegalStateException for Ed25519, which takes the message */
    HashAlgorithm hash() {
        if (hash == null) {
            throw new IllegalStateException("Ed25519 signs the message");
        }
        return hash;
    }

    /** The hash of a document inside of what is signed; with Ed25519, SHA-512 (RFC 8419 §3.1). */
    public HashAlgorithm documentHash() {
        return hash == null ? HashAlgorithm.SHA512 : hash;
    }

    /** Whether the caller gives a hash; otherwise the message itself. */
    public boolean isPrehashed() {
        return hash != null;
    }

    /** What {@link SigningKey#sign} wants for a message: its hash, or for Ed25519 the message. */
    public byte[] digest(byte[] message) {
        return hash == null ? message.clone() : hash.digest(message);
    }

    /** With the parameters an X.509 structure needs: NULL for PKCS#1, RSASSA-PSS-params (RFC 4055 §3.1), none otherwise. */
    public AlgorithmIdentifier algorithmIdentifier() {
        return AlgorithmIdentifiers.of(this);
    }

    /** @throws ProtocolException invalid_request, when a key of that algorithm cannot sign so */
    public void requireFits(KeyAlgorithm key) {
        if (key.family() != scheme.family) {
            throw ProtocolException.invalidRequest(OTHER_KEY);
        }
    }

    /** @throws ProtocolException invalid_request, when the hash has not the digest's length, or the message's bounds */
    public void requireLength(byte[] hashOrMessage) {
        if (hash == null) {
            if (hashOrMessage.length == 0 || hashOrMessage.length > MAX_MESSAGE_BYTES) {
                throw ProtocolException.invalidRequest(WRONG_MESSAGE);
            }
        } else if (hashOrMessage.length != hash.length()) {
            throw ProtocolException.invalidRequest(WRONG_LENGTH + ": " + hash.length() + " bytes are expected");
        }
    }

    static SignatureAlgorithm of(Scheme scheme, HashAlgorithm hash) {
        for (var algorithm : values()) {
            if (algorithm.scheme == scheme && algorithm.hash == hash) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException((scheme + " with " + hash).toLowerCase(Locale.ROOT));
    }
}
