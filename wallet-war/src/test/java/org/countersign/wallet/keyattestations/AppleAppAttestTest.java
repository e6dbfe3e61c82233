package org.countersign.wallet.keyattestations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.core.x509.CertificateEncoding;
import org.countersign.wallet.keyattestations.KeyAttestationSettings.Apple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppleAppAttestTest {

    private static final CBORMapper CBOR = new CBORMapper();
    private static final String NONCE = "n".repeat(43);
    private static final String APP = "ABCDE12345.com.example.wallet";
    private static final String OID = "1.2.840.113635.100.8.2";
    private static final String PRODUCTION = "appattest\0\0\0\0\0\0\0";

    private final TestMaker maker = new TestMaker();
    private final KeyPair appKeys = TestMaker.keys();
    private final P256PublicKey walletKey = TestMaker.publicKey(TestMaker.keys());
    private Apple settings = settings(false);

    /** What a test changes. */
    private String app = APP;

    private byte flags = 0x40;
    private int counter;
    private String aaguid = PRODUCTION;
    private byte[] identifier = identifier(appKeys);
    private String challenge = NONCE + "." + Base64Url.encode(walletKey.thumbprint());
    private String format = "apple-appattest";
    private TestMaker signer = maker;
    private int tag = 1;

    private Apple settings(boolean development) {
        return new Apple(maker.roots(), Set.of(HexFormat.of().formatHex(sha256(APP))), development);
    }

    private static byte[] sha256(String text) {
        return DigestUtils.sha256(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] identifier(KeyPair keys) {
        var encoded = keys.getPublic().getEncoded();
        return DigestUtils.sha256(Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length));
    }

    private byte[] data() {
        return ByteBuffer.allocate(55 + identifier.length)
                .put(sha256(app))
                .put(flags)
                .putInt(counter)
                .put(aaguid.getBytes(StandardCharsets.US_ASCII))
                .putShort((short) identifier.length)
                .put(identifier)
                .array();
    }

    private ASN1Encodable extension(byte[] data) {
        var nonce = DigestUtils.sha256(ByteBuffer.allocate(data.length + 32)
                .put(data)
                .put(sha256(challenge))
                .array());
        return new DERSequence(new DERTaggedObject(true, tag, new DEROctetString(nonce)));
    }

    private Map<String, Object> object(byte[] data, Map<String, ASN1Encodable> extensions) {
        var own = CertificateEncoding.encode(signer.issue(appKeys, extensions));
        var object = new LinkedHashMap<String, Object>();
        object.put("fmt", format);
        object.put("attStmt", Map.of("x5c", List.of(own, signer.issuing()), "receipt", new byte[100]));
        object.put("authData", data);
        return object;
    }

    private static String text(Object object) {
        try {
            return Base64Url.encode(CBOR.writeValueAsBytes(object));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String text() {
        return text(object(data(), Map.of(OID, extension(data()))));
    }

    private AttestedKey verify(String text) throws BadKeyAttestation {
        return new AppleAppAttest(settings).verify(text, walletKey, NONCE, TestMaker.NOW);
    }

    private void refused(String reason) {
        refused(reason, text());
    }

    private void refused(String reason, String text) {
        assertThatThrownBy(() -> verify(text))
                .isInstanceOf(BadKeyAttestation.class)
                .hasMessage(reason);
    }

    @Test
    void a_genuine_apps_statement_is_accepted() throws BadKeyAttestation {
        assertThat(verify(text())).isEqualTo(new AttestedKey("secure_enclave", Optional.empty()));
    }

    @Test
    void the_chain_ends_at_a_root_of_the_configuration() {
        signer = new TestMaker();
        refused("chain of certificates");
    }

    @Test
    void the_statement_names_nonce_and_key() {
        challenge = "m".repeat(43) + "." + Base64Url.encode(walletKey.thumbprint());
        refused("another challenge");
        challenge = NONCE + "."
                + Base64Url.encode(TestMaker.publicKey(TestMaker.keys()).thumbprint());
        refused("another challenge");
        challenge = NONCE;
        refused("another challenge");
    }

    @Test
    void the_certificate_names_the_very_data() {
        var data = data();
        var extension = extension(data);
        data[40] ^= 1;
        refused("another challenge", text(object(data, Map.of(OID, extension))));
    }

    @Test
    void the_app_is_one_of_the_configurations() {
        app = "ABCDE12345.com.example.other";
        refused("another app");
    }

    @Test
    void the_key_was_never_used() {
        counter = 1;
        refused("counter");
    }

    @Test
    void an_app_in_development_counts_where_it_is_allowed() throws BadKeyAttestation {
        aaguid = "appattestdevelop";
        refused("environment of the app");
        settings = settings(true);
        assertThat(verify(text()).keyType()).isEqualTo("secure_enclave");
        aaguid = "another-sixteen!";
        refused("environment of the app");
    }

    @Test
    void the_identifier_is_that_of_the_certified_key() {
        identifier = identifier(TestMaker.keys());
        refused("identifier of the key");
    }

    @Test
    void malformed_authenticator_data_are_refused() {
        flags = 0;
        refused("form of the authenticator data");
        flags = 0x40;
        identifier = new byte[16];
        refused("form of the authenticator data");
        var cut = Arrays.copyOf(data(), 54);
        refused("form of the authenticator data", text(object(cut, Map.of(OID, extension(cut)))));
        identifier = identifier(appKeys);
        var promised = Arrays.copyOf(data(), 60);
        refused("form of the authenticator data", text(object(promised, Map.of(OID, extension(promised)))));
    }

    @Test
    void a_malformed_challenge_is_refused() {
        var data = data();
        refused("no challenge", text(object(data, Map.of())));
        refused("form of the challenge", text(object(data, Map.of(OID, new ASN1Integer(1)))));
        refused("form of the challenge", text(object(data, Map.of(OID, new DERSequence()))));
        tag = 2;
        refused("form of the challenge");
    }

    @Test
    void another_format_is_refused() {
        format = "packed";
        refused("form of the attestation object");
    }

    @Test
    void what_is_missing_is_refused() {
        for (var member : List.of("fmt", "authData")) {
            var object = object(data(), Map.of(OID, extension(data())));
            object.remove(member);
            refused("form of the attestation object", text(object));
        }
        var object = object(data(), Map.of(OID, extension(data())));
        object.put("attStmt", Map.of());
        refused("number of certificates", text(object));
        object.put("attStmt", Map.of("x5c", List.of("text")));
        refused("form of the attestation object", text(object));
    }

    @Test
    void what_follows_or_comes_twice_or_is_too_deep_is_refused() {
        refused("form of the attestation object", followed(text()));
        // {"fmt": 1, "fmt": 1}
        refused("form of the attestation object", hex("a263666d740163666d7401"));
        refused("form of the attestation object", hex("81".repeat(20) + "01"));
    }

    private static String followed(String text) {
        var bytes = new ArrayList<Byte>();
        for (byte one : Base64Url.decode(text).orElseThrow()) {
            bytes.add(one);
        }
        bytes.add((byte) 0);
        var all = new byte[bytes.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = bytes.get(i);
        }
        return Base64Url.encode(all);
    }

    private static String hex(String hex) {
        return Base64Url.encode(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AA", "AB", "not base64url!", "oA", "f_8"})
    void what_is_no_attestation_object_is_refused(String text) {
        refused("form of the attestation object", text);
    }
}
