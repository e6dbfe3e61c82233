package org.countersign.server.keys.token;

import java.util.Set;
import org.countersign.server.keys.token.Frame.Reply;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.TokenException;

/** Return values of PKCS#11 (2.40, §5.1) as answers. */
final class Pkcs11Errors {

    private static final Set<Long> PIN_REFUSED = Set.of(
            PKCS11Constants.CKR_PIN_INCORRECT,
            PKCS11Constants.CKR_PIN_INVALID,
            PKCS11Constants.CKR_PIN_LEN_RANGE,
            PKCS11Constants.CKR_PIN_EXPIRED,
            PKCS11Constants.CKR_PIN_LOCKED,
            PKCS11Constants.CKR_USER_PIN_NOT_INITIALIZED);

    private static final Set<Long> NOT_OFFERED = Set.of(
            PKCS11Constants.CKR_MECHANISM_INVALID,
            PKCS11Constants.CKR_MECHANISM_PARAM_INVALID,
            PKCS11Constants.CKR_KEY_SIZE_RANGE,
            PKCS11Constants.CKR_KEY_TYPE_INCONSISTENT,
            PKCS11Constants.CKR_CURVE_NOT_SUPPORTED,
            PKCS11Constants.CKR_DOMAIN_PARAMS_INVALID,
            PKCS11Constants.CKR_ATTRIBUTE_TYPE_INVALID,
            PKCS11Constants.CKR_ATTRIBUTE_VALUE_INVALID,
            PKCS11Constants.CKR_TEMPLATE_INCONSISTENT,
            PKCS11Constants.CKR_FUNCTION_NOT_SUPPORTED);

    private static final Set<Long> LOST = Set.of(
            PKCS11Constants.CKR_CRYPTOKI_NOT_INITIALIZED,
            PKCS11Constants.CKR_DEVICE_ERROR,
            PKCS11Constants.CKR_DEVICE_REMOVED,
            PKCS11Constants.CKR_FUNCTION_FAILED,
            PKCS11Constants.CKR_GENERAL_ERROR,
            PKCS11Constants.CKR_SESSION_CLOSED,
            PKCS11Constants.CKR_SESSION_HANDLE_INVALID,
            PKCS11Constants.CKR_SLOT_ID_INVALID,
            PKCS11Constants.CKR_TOKEN_NOT_PRESENT,
            PKCS11Constants.CKR_TOKEN_NOT_RECOGNIZED,
            PKCS11Constants.CKR_USER_NOT_LOGGED_IN);

    private Pkcs11Errors() {}

    static Reply of(TokenException refused) {
        if (!(refused instanceof PKCS11Exception pkcs11)) {
            return Reply.FAILED;
        }
        long code = pkcs11.getErrorCode();
        if (PIN_REFUSED.contains(code)) {
            return Reply.PIN_REFUSED;
        }
        if (LOST.contains(code)) {
            return Reply.LOST;
        }
        return NOT_OFFERED.contains(code) ? Reply.NOT_OFFERED : Reply.FAILED;
    }

    static String name(TokenException refused) {
        return refused instanceof PKCS11Exception pkcs11
                ? pkcs11.getErrorName()
                : refused.getClass().getName();
    }
}
