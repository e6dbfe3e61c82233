package org.countersign.ds.devices;

import java.security.MessageDigest;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.DeviceSignature;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.ds.releases.AgentOs;

/** What a device says of itself when it registers, checked. */
record Registration(
        UUID id,
        P256PublicKey deviceKey,
        P256PublicKey tlsKey,
        String version,
        AgentOs os,
        String architecture,
        String host) {

    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.+_-]{0,31}");
    private static final Pattern ARCHITECTURE = Pattern.compile("[0-9A-Za-z_-]{1,32}");
    private static final int LONGEST_HOST = 255;

    /**
     * A public key as a JWK. No other member is known, a private one least of all.
     *
     * @param kty {@code EC}
     * @param crv {@code P-256}
     */
    public record DeviceKey(String kty, String crv, String x, String y) {

        P256PublicKey checked() {
            if (kty == null || crv == null || x == null || y == null) {
                throw notAKey();
            }
            return P256PublicKey.of(Map.of("kty", kty, "crv", crv, "x", x, "y", y))
                    .orElseThrow(DeviceKey::notAKey);
        }

        private static ProtocolException notAKey() {
            return ProtocolException.invalidRequest("deviceKey must be a public key on P-256, as a JWK");
        }
    }

    /**
     * The body of a registration.
     *
     * @param registrationKey needed for a device that is not registered yet
     * @param tlsKeyProof a JWS of type {@code tls-key+jwt} by the key of the device's TLS certificate, which its header
     *     has as {@code jwk}, with the claims {@code sub}, the device's identifier, and {@code jkt}, the thumbprint of
     *     the device's key
     * @param os one of {@link AgentOs}
     */
    public record RegistrationRequest(
            String registrationKey,
            DeviceKey deviceKey,
            String tlsKeyProof,
            String version,
            String os,
            String architecture,
            String host) {

        Registration checked(UUID id, DeviceProofVerifier verifier) {
            if (deviceKey == null) {
                throw ProtocolException.invalidRequest("deviceKey is required");
            }
            var key = deviceKey.checked();
            return new Registration(
                    id,
                    key,
                    tlsKey(id, key, verifier),
                    Text.matching("version", version, VERSION),
                    AgentOs.of(os),
                    Text.matching("architecture", architecture, ARCHITECTURE),
                    Text.required("host", host, LONGEST_HOST));
        }

        private P256PublicKey tlsKey(UUID id, P256PublicKey device, DeviceProofVerifier verifier) {
            return verifier.jws(tlsKeyProof, DeviceSignature.TLS_KEY_TYPE)
                    .filter(proof -> proof.claims().size() == 2)
                    .filter(proof -> id.toString().equals(proof.text("sub").orElse("")))
                    .filter(proof -> MessageDigest.isEqual(
                            device.thumbprint(),
                            proof.text("jkt").flatMap(Base64Url::decode).orElse(new byte[0])))
                    .map(CompactJws::key)
                    .filter(key -> !key.equals(device))
                    .orElseThrow(() -> ProtocolException.invalidRequest("tlsKeyProof was not recognized"));
        }

        /** Leaves the registration key out. */
        @Override
        public String toString() {
            return "a registration";
        }
    }
}
