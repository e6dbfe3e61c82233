package org.countersign.ds.devices;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.jose.CompactJws;
import org.countersign.core.jose.DeviceSignature;
import org.countersign.core.jose.Es256;
import org.countersign.core.oauth2.ProofJwt;
import org.countersign.core.oauth2.ProofJwt.RefusedException;
import org.countersign.server.persistence.Batches;
import org.countersign.server.persistence.Statements;

/**
 * Verifies the signatures of devices' calls: a JWS in the header {@code Device-Signature}, see
 * {@link DeviceSignature}. The address is the context's
 * as others reach it, {@code issuer}, with the path.
 */
public final class DeviceProofVerifier {

    public static final String HEADER = DeviceSignature.HEADER;
    static final Duration WINDOW = Duration.ofSeconds(120);

    /** Nodes' clocks may differ: what one would accept for the last time the other still remembers. */
    private static final Duration REMEMBERED = WINDOW.plusSeconds(60);

    private static final String ONCE =
            "insert into device_proof (thumbprint, jti, expires_at) values (?, ?, ?)" + " on conflict do nothing";

    private final Statements statements;
    private final Clock clock;
    private final String issuer;
    private final ProofJwt.Rules rules;

    public DeviceProofVerifier(Statements statements, Clock clock, URI issuer, Es256 es256) {
        this.statements = statements;
        this.clock = clock;
        this.issuer = issuer.toString();
        this.rules = new ProofJwt.Rules(DeviceSignature.TYPE, WINDOW, clock, es256);
    }

    /**
     * Verifies all but the body, which may not have arrived yet, the key and the use.
     *
     * @param path after the device's own address, such as {@code /sync}
     */
    DeviceProof verify(List<String> values, String method, UUID device, String path) {
        if (values == null || values.size() != 1) {
            throw new ProtocolException(DsError.DEVICE_SIGNATURE, "One header " + HEADER + " is required");
        }
        try {
            return new DeviceProof(rules.verify(values.get(0), method, issuer + "/v3/devices/" + device + path));
        } catch (RefusedException refused) {
            throw switch (refused.reason()) {
                case MALFORMED ->
                    new ProtocolException(DsError.DEVICE_SIGNATURE, "The device's signature was not recognized");
                case OTHER_REQUEST ->
                    new ProtocolException(
                            DsError.DEVICE_SIGNATURE, "The device's signature is for another method or address");
                case TIME ->
                    new ProtocolException(
                            DsError.DEVICE_CLOCK, "The time of the device's signature is too far from the server's");
            };
        }
    }

    /** A JWS of another type that a device sends, verified by the key that it brings. */
    Optional<CompactJws> jws(String text, String type) {
        return CompactJws.verify(text, type, rules.es256());
    }

    /** Lets a proof pass once, on whatever node. @throws ProtocolException {@code device_replay} */
    void use(DeviceProof proof) {
        int first = statements.update(ONCE, statement -> {
            statement.setBytes(1, proof.jwt().key().thumbprint());
            statement.setString(2, proof.jwt().id());
            statement.setObject(3, rememberedUntil(proof));
        });
        requireFirst(first > 0);
    }

    static OffsetDateTime rememberedUntil(DeviceProof proof) {
        return OffsetDateTime.ofInstant(proof.jwt().issuedAt().plus(REMEMBERED), ZoneOffset.UTC);
    }

    static void requireFirst(boolean first) {
        if (!first) {
            throw new ProtocolException(DsError.DEVICE_REPLAY, "The device's signature was used before");
        }
    }

    /** Forgets proofs that would be too old by now. */
    public void purge() {
        Batches.delete(statements, "device_proof", "expires_at", clock.instant());
    }
}
