package org.countersign.agent.sandbox;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.agent.loopback.Jsons;
import org.xipki.pkcs11.wrapper.MechanismInfo;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenInfo;

/** CK_TOKEN_INFO and CK_MECHANISM_INFO (PKCS#11 2.40, §3.2 and §3.6) under the names of the v3 API. */
final class TokenInformation {

    private static final Map<String, Long> TOKEN_FLAGS = flags(
            "isRandomNumberGenerator", PKCS11Constants.CKF_RNG,
            "isWriteProtected", PKCS11Constants.CKF_WRITE_PROTECTED,
            "isLoginRequired", PKCS11Constants.CKF_LOGIN_REQUIRED,
            "isUserPinInitialized", PKCS11Constants.CKF_USER_PIN_INITIALIZED,
            "isRestoreKeyNotNeeded", PKCS11Constants.CKF_RESTORE_KEY_NOT_NEEDED,
            "isClockOnToken", PKCS11Constants.CKF_CLOCK_ON_TOKEN,
            "isProtectedAuthenticationPath", PKCS11Constants.CKF_PROTECTED_AUTHENTICATION_PATH,
            "isDualCryptoOperations", PKCS11Constants.CKF_DUAL_CRYPTO_OPERATIONS,
            "isTokenInitialized", PKCS11Constants.CKF_TOKEN_INITIALIZED,
            "isSecondaryAuthentication", PKCS11Constants.CKF_SECONDARY_AUTHENTICATION,
            "isUserPinCountLow", PKCS11Constants.CKF_USER_PIN_COUNT_LOW,
            "isUserPinFinalTry", PKCS11Constants.CKF_USER_PIN_FINAL_TRY,
            "isUserPinLocked", PKCS11Constants.CKF_USER_PIN_LOCKED,
            "isUserPinToBeChanged", PKCS11Constants.CKF_USER_PIN_TO_BE_CHANGED,
            "isSoPinCountLow", PKCS11Constants.CKF_SO_PIN_COUNT_LOW,
            "isSoPinFinalTry", PKCS11Constants.CKF_SO_PIN_FINAL_TRY,
            "isSoPinLocked", PKCS11Constants.CKF_SO_PIN_LOCKED,
            "isSoPinToBeChanged", PKCS11Constants.CKF_SO_PIN_TO_BE_CHANGED);

    private static final Map<String, Long> MECHANISM_FLAGS = flags(
            "isHardware", PKCS11Constants.CKF_HW,
            "isEncrypt", PKCS11Constants.CKF_ENCRYPT,
            "isDecrypt", PKCS11Constants.CKF_DECRYPT,
            "isDigest", PKCS11Constants.CKF_DIGEST,
            "isSign", PKCS11Constants.CKF_SIGN,
            "isSignRecover", PKCS11Constants.CKF_SIGN_RECOVER,
            "isVerify", PKCS11Constants.CKF_VERIFY,
            "isVerifyRecover", PKCS11Constants.CKF_VERIFY_RECOVER,
            "isGenerate", PKCS11Constants.CKF_GENERATE,
            "isGenerateKeyPair", PKCS11Constants.CKF_GENERATE_KEY_PAIR,
            "isWrap", PKCS11Constants.CKF_WRAP,
            "isUnwrap", PKCS11Constants.CKF_UNWRAP,
            "isExtension", PKCS11Constants.CKF_EXTENSION,
            "isEcFP", PKCS11Constants.CKF_EC_F_P,
            "isEcF2m", PKCS11Constants.CKF_EC_F_2M,
            "isEcEcparameters", PKCS11Constants.CKF_EC_ECPARAMETERS,
            "isEcNamedcurve", PKCS11Constants.CKF_EC_OID,
            "isEcUncompress", PKCS11Constants.CKF_EC_UNCOMPRESS,
            "isEcCompress", PKCS11Constants.CKF_EC_COMPRESS);

    private TokenInformation() {}

    private static Map<String, Long> flags(Object... pairs) {
        var flags = new LinkedHashMap<String, Long>();
        for (int i = 0; i < pairs.length; i += 2) {
            flags.put((String) pairs[i], ((Number) pairs[i + 1]).longValue());
        }
        return flags;
    }

    static JsonObject of(Slot slot, Token token) throws PKCS11Exception {
        var info = token.getTokenInfo();
        var mechanisms = Jsons.array();
        for (var code : token.getMechanismList()) {
            mechanisms.add(mechanism(code, token.getMechanismInfo(code)));
        }
        return Jsons.object()
                .add("slot", slot.getSlotInfo().getSlotDescription().strip())
                .add("label", info.getLabel().strip())
                .add("manufacturerId", info.getManufacturerID().strip())
                .add("model", info.getModel().strip())
                .add("serialNumber", info.getSerialNumber().strip())
                .add("flags", flags(info))
                .add("mechanisms", mechanisms)
                .add("ulMaxPinLen", info.getMaxPinLen())
                .add("ulMinPinLen", info.getMinPinLen())
                .add("hardwareVersion", info.getHardwareVersion().toString())
                .add("firmwareVersion", info.getFirmwareVersion().toString())
                .build();
    }

    /**
     * What a request's {@code card} is compared with: cards of a kind differ in the number, or, where they have none, at least from
     * cards of others.
     */
    static String identity(TokenInfo info) {
        return String.join(
                "\n",
                info.getManufacturerID().strip(),
                info.getModel().strip(),
                info.getLabel().strip(),
                info.getSerialNumber().strip());
    }

    /** Whose PIN is asked for, and how. */
    static JsonObjectBuilder card(Slot slot, TokenInfo info) throws PKCS11Exception {
        return Jsons.object()
                .add("card", identity(info))
                .add("numbered", !info.getSerialNumber().isBlank())
                .add("reader", slot.getSlotInfo().getSlotDescription().strip())
                .add("pinpad", info.isProtectedAuthenticationPath());
    }

    private static JsonObjectBuilder flags(TokenInfo info) {
        var flags = Jsons.object();
        TOKEN_FLAGS.forEach((name, bit) -> flags.add(name, info.hasFlagBit(bit)));
        return flags;
    }

    private static JsonObjectBuilder mechanism(long code, MechanismInfo mechanism) {
        var flags = Jsons.object();
        MECHANISM_FLAGS.forEach((name, bit) -> flags.add(name, mechanism.hasFlagBit(bit)));
        return Jsons.object()
                .add("mechanism", PKCS11Constants.ckmCodeToName(code))
                .add("flags", flags)
                .add("ulMinKeySize", mechanism.getMinKeySize())
                .add("ulMaxKeySize", mechanism.getMaxKeySize());
    }
}
