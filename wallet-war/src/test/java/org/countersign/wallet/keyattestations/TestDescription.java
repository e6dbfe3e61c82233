package org.countersign.wallet.keyattestations;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;

/** What hardware writes of a key: right, until a test changes it. */
final class TestDescription {

    static final String PACKAGE = "com.example.wallet";
    static final byte[] SIGNER = new byte[32];

    int attestationLevel = 1;
    int keyLevel = 1;
    String challenge;
    final TreeMap<Integer, ASN1Encodable> software = new TreeMap<>();
    final TreeMap<Integer, ASN1Encodable> hardware = new TreeMap<>();

    private TestDescription(String challenge) {
        this.challenge = challenge;
        hardware.put(1, new DERSet(new ASN1Integer(2)));
        hardware.put(503, DERNull.INSTANCE);
        hardware.put(702, new ASN1Integer(0));
        hardware.put(704, rootOfTrust(true, 0));
        software.put(709, app(PACKAGE, SIGNER));
    }

    static ASN1Encodable rootOfTrust(boolean locked, int state) {
        return new DERSequence(new ASN1Encodable[] {
            new DEROctetString(new byte[32]),
            ASN1Boolean.getInstance(locked),
            new ASN1Enumerated(state),
            new DEROctetString(new byte[32])
        });
    }

    static ASN1Encodable app(String name, byte[] signer) {
        var info = new DERSequence(new ASN1Encodable[] {octets(name), new ASN1Integer(7)});
        try {
            return new DEROctetString(
                    new DERSequence(new ASN1Encodable[] {new DERSet(info), new DERSet(new DEROctetString(signer))}));
        } catch (java.io.IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ASN1OctetString octets(String text) {
        return new DEROctetString(text.getBytes(StandardCharsets.US_ASCII));
    }

    static ASN1Encodable of(String challenge, Consumer<TestDescription> change) {
        var description = new TestDescription(challenge);
        change.accept(description);
        return new DERSequence(new ASN1Encodable[] {
            new ASN1Integer(300),
            new ASN1Enumerated(description.attestationLevel),
            new ASN1Integer(300),
            new ASN1Enumerated(description.keyLevel),
            octets(description.challenge),
            octets(""),
            list(description.software),
            list(description.hardware)
        });
    }

    private static ASN1Encodable list(TreeMap<Integer, ASN1Encodable> members) {
        var list = new ASN1EncodableVector();
        members.forEach((tag, value) -> list.add(new DERTaggedObject(true, tag, value)));
        return new DERSequence(list);
    }
}
