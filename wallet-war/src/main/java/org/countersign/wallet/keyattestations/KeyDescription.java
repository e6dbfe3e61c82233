package org.countersign.wallet.keyattestations;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;

/**
 * The extension of an Android key's certificate, as the hardware that keeps the key wrote it: {@code KeyDescription} of Android's schema
 * of key attestations.
 *
 * @param attestationLevel {@code attestationSecurityLevel}: who wrote it
 * @param keyLevel {@code keyMintSecurityLevel}: who keeps the key
 * @param software what Android itself says
 * @param hardware what holds whatever becomes of Android
 */
record KeyDescription(
        BigInteger attestationLevel,
        BigInteger keyLevel,
        byte[] challenge,
        Authorizations software,
        Authorizations hardware) {

    static final String OID = "1.3.6.1.4.1.11129.2.1.17";

    static final BigInteger TRUSTED_ENVIRONMENT = BigInteger.ONE;
    static final BigInteger STRONG_BOX = BigInteger.TWO;

    private static final int MEMBERS = 8;

    /** {@code AuthorizationList}: its members by the number of their tag, each once. */
    record Authorizations(Map<Integer, ASN1Primitive> members) {

        static final int PURPOSE = 1;
        static final int NO_AUTH_REQUIRED = 503;
        static final int USER_AUTH_TYPE = 504;
        static final int ALL_APPLICATIONS = 600;
        static final int ORIGIN = 702;
        static final int ROOT_OF_TRUST = 704;
        static final int APPLICATION_ID = 709;

        Authorizations {
            members = Map.copyOf(members);
        }

        boolean has(int tag) {
            return members.containsKey(tag);
        }

        Optional<BigInteger> number(int tag) {
            return Optional.ofNullable(members.get(tag))
                    .map(value -> ASN1Integer.getInstance(value).getValue());
        }

        Set<BigInteger> numbers(int tag) {
            var numbers = new HashSet<BigInteger>();
            if (has(tag)) {
                for (ASN1Encodable number : ASN1Set.getInstance(members.get(tag))) {
                    numbers.add(ASN1Integer.getInstance(number).getValue());
                }
            }
            return numbers;
        }

        Optional<RootOfTrust> rootOfTrust() {
            return Optional.ofNullable(members.get(ROOT_OF_TRUST))
                    .map(value -> RootOfTrust.of(ASN1Sequence.getInstance(value)));
        }

        Optional<ApplicationId> applicationId() throws IOException {
            var value = members.get(APPLICATION_ID);
            return value == null
                    ? Optional.empty()
                    : Optional.of(ApplicationId.of(ASN1Sequence.getInstance(
                            strict(ASN1OctetString.getInstance(value).getOctets()))));
        }

        private static Authorizations of(ASN1Encodable list) {
            var members = new HashMap<Integer, ASN1Primitive>();
            for (ASN1Encodable member : ASN1Sequence.getInstance(list)) {
                var tagged = ASN1TaggedObject.getInstance(member);
                if (members.put(
                                tagged.getTagNo(),
                                tagged.getExplicitBaseObject().toASN1Primitive())
                        != null) {
                    throw new IllegalArgumentException("A member is there twice");
                }
            }
            return new Authorizations(members);
        }
    }

    /**
     * What was started.
     *
     * @param verified whether it was signed by who made the device
     */
    record RootOfTrust(boolean locked, boolean verified) {

        private static final int LEAST = 3;

        private static RootOfTrust of(ASN1Sequence sequence) {
            if (sequence.size() < LEAST) {
                throw new IllegalArgumentException("Something is missing");
            }
            return new RootOfTrust(
                    ASN1Boolean.getInstance(sequence.getObjectAt(1)).isTrue(),
                    ASN1Enumerated.getInstance(sequence.getObjectAt(2))
                                    .getValue()
                                    .signum()
                            == 0);
        }
    }

    /**
     * Which app made the key.
     *
     * @param packages names, more than one when apps share a user
     * @param signers SHA-256 of the certificates that signed it, in lower-case hexadecimal
     */
    record ApplicationId(Set<String> packages, Set<String> signers) {

        private static ApplicationId of(ASN1Sequence sequence) {
            if (sequence.size() != 2) {
                throw new IllegalArgumentException("Something is missing");
            }
            var packages = new HashSet<String>();
            for (ASN1Encodable info : ASN1Set.getInstance(sequence.getObjectAt(0))) {
                var named = ASN1Sequence.getInstance(info);
                if (named.size() == 0) {
                    throw new IllegalArgumentException("Something is missing");
                }
                packages.add(new String(
                        ASN1OctetString.getInstance(named.getObjectAt(0)).getOctets(), StandardCharsets.UTF_8));
            }
            var signers = new HashSet<String>();
            for (ASN1Encodable digest : ASN1Set.getInstance(sequence.getObjectAt(1))) {
                signers.add(HexFormat.of()
                        .formatHex(ASN1OctetString.getInstance(digest).getOctets()));
            }
            return new ApplicationId(packages, signers);
        }
    }

    /** @param extension the octets of its value */
    static KeyDescription parse(byte[] extension) throws BadKeyAttestation {
        try {
            var sequence = ASN1Sequence.getInstance(
                    strict(ASN1OctetString.getInstance(strict(extension)).getOctets()));
            BadKeyAttestation.require(sequence.size() == MEMBERS, "form of the key's description");
            return new KeyDescription(
                    ASN1Enumerated.getInstance(sequence.getObjectAt(1)).getValue(),
                    ASN1Enumerated.getInstance(sequence.getObjectAt(3)).getValue(),
                    ASN1OctetString.getInstance(sequence.getObjectAt(4)).getOctets(),
                    Authorizations.of(sequence.getObjectAt(6)),
                    Authorizations.of(sequence.getObjectAt(7)));
        } catch (IOException | IllegalArgumentException | IllegalStateException malformed) {
            throw new BadKeyAttestation("form of the key's description");
        }
    }

    /** One value and nothing behind it. */
    private static ASN1Primitive strict(byte[] der) throws IOException {
        try (var in = new ASN1InputStream(der)) {
            var value = in.readObject();
            if (value == null || in.read() != -1) {
                throw new IOException("not one value");
            }
            return value;
        }
    }
}
