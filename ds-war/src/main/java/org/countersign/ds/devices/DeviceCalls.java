package org.countersign.ds.devices;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Statements;

/** Who a call comes from: a registered device that is not blocked, by a signature that was not used before. */
public final class DeviceCalls {

    /** Looks a caller up and, when it is the one that signed, uses its signature, in one go: most calls come to this. */
    private static final String CALL = "with used as (insert into device_proof (thumbprint, jti, expires_at)"
            + " select thumbprint, ?, ? from device where id = ? and thumbprint = ? and blocked_at is null"
            + " on conflict do nothing returning 1)"
            + " select " + Device.COLUMNS + ", exists (select 1 from used) from device where id = ?";

    private static final int USED = 11;

    private static final String FIND = "select " + Device.COLUMNS + " from device where id = ?";

    private final Statements statements;
    private final DeviceProofVerifier verifier;

    public DeviceCalls(Statements statements, DeviceProofVerifier verifier) {
        this.statements = statements;
        this.verifier = verifier;
    }

    /**
     * A POST whose body is there.
     *
     * @param path after the device's own address, such as {@code /sync}
     * @param body null counts as empty
     * @throws ProtocolException one of the {@code device_…} codes
     */
    public Device require(String uuid, List<String> signatures, String path, byte[] body) {
        return require("POST", uuid, signatures, path, body == null ? new byte[0] : body);
    }

    /** A GET, which has no body; otherwise like {@link #require}. */
    public Device requireGet(String uuid, List<String> signatures, String path) {
        return require("GET", uuid, signatures, path, new byte[0]);
    }

    private Device require(String method, String uuid, List<String> signatures, String path, byte[] body) {
        var id = identifier(uuid);
        var proof = verifier.verify(signatures, method, id, path);
        var sha256 = DigestUtils.sha256(body);
        if (!proof.isForBody(sha256)) {
            return begin(id, proof).finish(sha256);
        }
        var call = call(id, proof).orElseThrow(DeviceCalls::unknown);
        requireKey(proof, call.device());
        DeviceProofVerifier.requireFirst(call.first());
        return call.device();
    }

    /** A POST whose body is still to come: it is worth being read. */
    public Begun begin(String uuid, List<String> signatures, String path) {
        var id = identifier(uuid);
        return begin(id, verifier.verify(signatures, "POST", id, path));
    }

    private Begun begin(UUID id, DeviceProof proof) {
        var device = registered(id);
        requireKey(proof, device);
        return new Begun(device, proof);
    }

    private record Call(Device device, boolean first) {}

    private Optional<Call> call(UUID id, DeviceProof proof) {
        return statements.first(
                CALL,
                statement -> {
                    statement.setString(1, proof.jwt().id());
                    statement.setObject(2, DeviceProofVerifier.rememberedUntil(proof));
                    statement.setObject(3, id);
                    statement.setBytes(4, proof.jwt().key().thumbprint());
                    statement.setObject(5, id);
                },
                row -> new Call(Device.read(row), row.getBoolean(USED)));
    }

    /** A call of which everything but the body is known to be good. */
    public final class Begun {

        private final Device device;
        private final DeviceProof proof;

        private Begun(Device device, DeviceProof proof) {
            this.device = device;
            this.proof = proof;
        }

        /** @param sha256 of the body */
        public Device finish(byte[] sha256) {
            proof.requireBody(sha256);
            verifier.use(proof);
            return device;
        }
    }

    /** @throws ProtocolException {@code device_unknown} */
    Device registered(UUID id) {
        return find(id).orElseThrow(DeviceCalls::unknown);
    }

    private static ProtocolException unknown() {
        return new ProtocolException(DsError.DEVICE_UNKNOWN, "The device is not registered");
    }

    Optional<Device> find(UUID id) {
        return statements.first(FIND, statement -> statement.setObject(1, id), Device::read);
    }

    private static void requireKey(DeviceProof proof, Device device) {
        if (!proof.isBy(device.thumbprint())) {
            throw new ProtocolException(DsError.DEVICE_SIGNATURE, "The device's signature is by another key");
        }
        requireNotBlocked(device);
    }

    static void requireNotBlocked(Device device) {
        if (device.blocked()) {
            throw new ProtocolException(DsError.DEVICE_BLOCKED, "The device is blocked");
        }
    }

    /** In lower case: an address is signed as it is written. */
    static UUID identifier(String text) {
        var uuid = Filter.uuid("The device's identifier", text);
        if (!uuid.toString().equals(text)) {
            throw ProtocolException.invalidRequest("The device's identifier must be in lower case");
        }
        return uuid;
    }
}
