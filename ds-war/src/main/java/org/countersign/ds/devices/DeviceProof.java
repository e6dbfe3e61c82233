package org.countersign.ds.devices;

import java.security.MessageDigest;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.jose.Base64Url;
import org.countersign.core.jose.DeviceSignature;
import org.countersign.core.oauth2.ProofJwt;

/** The signature of one device's call; good for its method, address and time. */
record DeviceProof(ProofJwt jwt) {

    boolean isForBody(byte[] sha256) {
        var signed =
                jwt.jws().text(DeviceSignature.BODY).flatMap(Base64Url::decode).orElse(new byte[0]);
        return MessageDigest.isEqual(signed, sha256);
    }

    /** @throws ProtocolException {@code device_signature} when it is for another body */
    void requireBody(byte[] sha256) {
        if (!isForBody(sha256)) {
            throw new ProtocolException(DsError.DEVICE_SIGNATURE, "The device's signature is for another body");
        }
    }

    boolean isBy(byte[] thumbprint) {
        return MessageDigest.isEqual(jwt.key().thumbprint(), thumbprint);
    }
}
