package org.countersign.agent.sandbox;

import java.util.Optional;
import org.countersign.agent.signature.SignatureScheme;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.params.RSA_PKCS_PSS_PARAMS;

/** Signature schemes in PKCS#11's words. */
final class Mechanisms {

    private Mechanisms() {}

    /** Nothing when keys of this type do not sign so. */
    static Optional<Mechanism> of(SignatureScheme scheme, long keyType) {
        if (keyType == PKCS11Constants.CKK_EC) {
            return scheme.isPss() ? Optional.empty() : Optional.of(new Mechanism(PKCS11Constants.CKM_ECDSA));
        }
        if (keyType != PKCS11Constants.CKK_RSA) {
            return Optional.empty();
        }
        return Optional.of(
                scheme.isPss()
                        ? new Mechanism(PKCS11Constants.CKM_RSA_PKCS_PSS, pss(scheme))
                        : new Mechanism(PKCS11Constants.CKM_RSA_PKCS));
    }

    /** What the mechanism signs. */
    static byte[] input(SignatureScheme scheme, long keyType, byte[] hashed) {
        return keyType == PKCS11Constants.CKK_RSA && !scheme.isPss() ? scheme.digestInfo(hashed) : hashed.clone();
    }

    private static RSA_PKCS_PSS_PARAMS pss(SignatureScheme scheme) {
        int length = scheme.hashBytes();
        return switch (scheme) {
            case SHA384_PSS ->
                new RSA_PKCS_PSS_PARAMS(PKCS11Constants.CKM_SHA384, PKCS11Constants.CKG_MGF1_SHA384, length);
            case SHA512_PSS ->
                new RSA_PKCS_PSS_PARAMS(PKCS11Constants.CKM_SHA512, PKCS11Constants.CKG_MGF1_SHA512, length);
            default -> new RSA_PKCS_PSS_PARAMS(PKCS11Constants.CKM_SHA256, PKCS11Constants.CKG_MGF1_SHA256, length);
        };
    }
}
