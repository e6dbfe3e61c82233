package org.countersign.wallet.keyattestations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.wallet.keyattestations.KeyAttestationSettings.Android;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AndroidKeyAttestationTest {

    private static final String NONCE = "n".repeat(43);
    private static final Consumer<TestDescription> AS_IT_IS = description -> {};

    private final TestMaker maker = new TestMaker();
    private final KeyPair keys = TestMaker.keys();
    private Android settings = new Android(
            maker.roots(),
            Set.of(TestDescription.PACKAGE),
            Set.of(HexFormat.of().formatHex(TestDescription.SIGNER)),
            Set.of());

    private X509Certificate certificate(Consumer<TestDescription> change) {
        return maker.issue(keys, Map.of(KeyDescription.OID, TestDescription.of(NONCE, change)));
    }

    private static String text(List<byte[]> certificates) {
        return String.join(".", certificates.stream().map(Base64Url::encode).toList());
    }

    private String text(X509Certificate certificate) {
        return text(List.of(CertificateEncoding.encode(certificate), maker.issuing()));
    }

    private AttestedKey verify(String text) throws BadKeyAttestation {
        return new AndroidKeyAttestation(settings).verify(text, TestMaker.publicKey(keys), NONCE, TestMaker.NOW);
    }

    private AttestedKey verify(Consumer<TestDescription> change) throws BadKeyAttestation {
        return verify(text(certificate(change)));
    }

    private void refused(String reason, Consumer<TestDescription> change) {
        refused(reason, text(certificate(change)));
    }

    private void refused(String reason, String text) {
        assertThatThrownBy(() -> verify(text))
                .isInstanceOf(BadKeyAttestation.class)
                .hasMessage(reason);
    }

    @Test
    void a_key_in_a_trusted_environment_is_told_as_such() throws BadKeyAttestation {
        assertThat(verify(AS_IT_IS)).isEqualTo(new AttestedKey("tee", Optional.empty()));
    }

    @Test
    void the_root_may_come_along() throws BadKeyAttestation {
        var own = CertificateEncoding.encode(certificate(AS_IT_IS));
        assertThat(verify(text(List.of(own, maker.issuing(), maker.root()))).keyType())
                .isEqualTo("tee");
    }

    @ParameterizedTest
    @CsvSource({"2,2,strong_box", "2,1,tee", "1,2,tee"})
    void the_weaker_of_both_levels_counts(int attestation, int key, String type) throws BadKeyAttestation {
        assertThat(verify(description -> {
                            description.attestationLevel = attestation;
                            description.keyLevel = key;
                        })
                        .keyType())
                .isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,0", "3,3"})
    void software_is_no_level_and_neither_is_an_unknown_one(int attestation, int key) {
        refused("level of the key", description -> {
            description.attestationLevel = attestation;
            description.keyLevel = key;
        });
    }

    @ParameterizedTest
    @CsvSource({"1,system_pin", "2,system_biometry", "3,system_pin", "-1,"})
    void what_the_device_asks_of_its_user_is_told(int types, String told) throws BadKeyAttestation {
        assertThat(verify(description -> {
                            description.hardware.remove(503);
                            description.hardware.put(504, new ASN1Integer(types));
                        })
                        .userAuthentication())
                .isEqualTo(Optional.ofNullable(told));
    }

    @Test
    void the_challenge_is_the_nonce() {
        refused("another challenge", description -> description.challenge = "m".repeat(43));
    }

    @Test
    void the_certificate_is_the_keys() {
        var text = text(certificate(AS_IT_IS));
        assertThatThrownBy(() -> new AndroidKeyAttestation(settings)
                        .verify(text, TestMaker.publicKey(TestMaker.keys()), NONCE, TestMaker.NOW))
                .hasMessage("another key");
    }

    @Test
    void a_key_on_another_curve_is_none() {
        var other = TestMaker.keys("secp384r1");
        refused(
                "kind of key",
                text(maker.issue(other, Map.of(KeyDescription.OID, TestDescription.of(NONCE, AS_IT_IS)))));
    }

    @Test
    void the_chain_ends_at_a_root_of_the_configuration() {
        var stranger = new TestMaker();
        var certificate = stranger.issue(keys, Map.of(KeyDescription.OID, TestDescription.of(NONCE, AS_IT_IS)));
        var der = CertificateEncoding.encode(certificate);
        refused("chain of certificates", text(List.of(der, stranger.issuing())));
        refused("chain of certificates", text(List.of(der, stranger.issuing(), stranger.root())));
        refused("chain of certificates", text(List.of(der)));
        refused("number of certificates", text(List.of(maker.root())));
    }

    @Test
    void what_has_expired_does_not_count() {
        refused(
                "chain of certificates",
                text(maker.issue(
                        keys,
                        Map.of(KeyDescription.OID, TestDescription.of(NONCE, AS_IT_IS)),
                        TestMaker.NOW.minusSeconds(1))));
    }

    @Test
    void a_description_above_the_keys_own_is_refused() {
        var other = new TestMaker(Map.of(KeyDescription.OID, TestDescription.of(NONCE, AS_IT_IS)));
        settings = new Android(other.roots(), Set.of(), Set.of(), Set.of());
        var certificate = other.issue(keys, Map.of(KeyDescription.OID, TestDescription.of(NONCE, AS_IT_IS)));
        refused("description of another key", text(List.of(CertificateEncoding.encode(certificate), other.issuing())));
    }

    @Test
    void an_attested_key_issues_nothing() {
        var attestedKeys = TestMaker.keys();
        var description = Map.of(KeyDescription.OID, TestDescription.of(NONCE, AS_IT_IS));
        refused(
                "chain of certificates",
                text(List.of(
                        CertificateEncoding.encode(TestMaker.forge(attestedKeys, keys, description)),
                        CertificateEncoding.encode(maker.issue(attestedKeys, Map.of())),
                        maker.issuing())));
    }

    @Test
    void a_revoked_certificate_does_not_count() {
        var certificate = certificate(AS_IT_IS);
        settings = new Android(maker.roots(), Set.of(), Set.of(), Set.of(certificate.getSerialNumber()));
        refused("revoked certificate", text(certificate));
        settings = new Android(
                maker.roots(),
                Set.of(),
                Set.of(),
                Set.of(CertificateEncoding.decode(maker.issuing()).getSerialNumber(), BigInteger.ONE));
        refused("revoked certificate", text(certificate));
    }

    @Test
    void a_key_is_for_signatures_alone() throws BadKeyAttestation {
        refused("purpose of the key", description -> description.hardware.put(1, purposes(7)));
        refused("purpose of the key", description -> description.hardware.put(1, purposes(2, 0)));
        refused("purpose of the key", description -> description.hardware.put(1, purposes(3)));
        refused("purpose of the key", description -> {
            description.software.put(1, description.hardware.remove(1));
        });
        assertThat(verify(description -> description.hardware.put(1, purposes(2, 3)))
                        .keyType())
                .isEqualTo("tee");
    }

    private static ASN1Encodable purposes(int... purposes) {
        var all = new org.bouncycastle.asn1.ASN1EncodableVector();
        for (int purpose : purposes) {
            all.add(new ASN1Integer(purpose));
        }
        return new DERSet(all);
    }

    @Test
    void the_hardware_made_the_key() {
        refused("origin of the key", description -> description.hardware.put(702, new ASN1Integer(2)));
        refused("origin of the key", description -> description.hardware.remove(702));
        refused("origin of the key", description -> description.software.put(702, description.hardware.remove(702)));
    }

    @Test
    void the_key_is_one_apps() {
        refused("key of all apps", description -> description.hardware.put(600, DERNull.INSTANCE));
        refused("key of all apps", description -> description.software.put(600, DERNull.INSTANCE));
    }

    @Test
    void the_device_is_locked_and_started_what_its_maker_signed() {
        refused(
                "state of the device",
                description -> description.hardware.put(704, TestDescription.rootOfTrust(false, 0)));
        for (int state = 1; state <= 3; state++) {
            var root = TestDescription.rootOfTrust(true, state);
            refused("state of the device", description -> description.hardware.put(704, root));
        }
        refused("state of the device", description -> description.hardware.remove(704));
        refused("state of the device", description -> description.software.put(704, description.hardware.remove(704)));
    }

    @Test
    void the_app_is_one_of_the_configurations() throws BadKeyAttestation {
        refused(
                "another app",
                description -> description.software.put(
                        709, TestDescription.app("com.example.other", TestDescription.SIGNER)));
        refused(
                "app signed by another",
                description ->
                        description.software.put(709, TestDescription.app(TestDescription.PACKAGE, new byte[] {1})));
        refused("no app", description -> description.software.remove(709));
        settings = new Android(maker.roots(), Set.of(), Set.of(), Set.of());
        assertThat(verify(description -> description.software.remove(709)).keyType())
                .isEqualTo("tee");
    }

    @Test
    void a_certificate_without_a_description_says_nothing() {
        refused("no description of the key", text(maker.issue(keys, Map.of())));
    }

    @Test
    void a_malformed_description_is_refused() {
        for (ASN1Encodable wrong : List.of(new ASN1Integer(1), new DERSequence(), new DERSequence(new ASN1Encodable[] {
            new ASN1Integer(1), new ASN1Integer(1), new ASN1Integer(1), new ASN1Integer(1),
            new ASN1Integer(1), new ASN1Integer(1), new ASN1Integer(1), new ASN1Integer(1)
        }))) {
            refused("form of the key's description", text(maker.issue(keys, Map.of(KeyDescription.OID, wrong))));
        }
        for (int tag : new int[] {1, 702, 704}) {
            refused("form of the key's description", description -> description.hardware.put(tag, DERNull.INSTANCE));
        }
        for (var app : List.of(DERNull.INSTANCE, new org.bouncycastle.asn1.DEROctetString(new byte[] {0x30, 0}))) {
            refused("form of the key's description", description -> description.software.put(709, app));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "AA", "not base64url!", "AA."})
    void what_is_no_certificate_is_refused(String text) {
        refused("form of a certificate", text);
    }

    @Test
    void chains_have_a_limit() {
        var own = CertificateEncoding.encode(certificate(AS_IT_IS));
        var many = new ArrayList<byte[]>(List.of(own));
        for (int i = 0; i < 6; i++) {
            many.add(maker.issuing());
        }
        refused("number of certificates", text(many));
        refused("length of a certificate", text(List.of(new byte[4097])));
    }
}
