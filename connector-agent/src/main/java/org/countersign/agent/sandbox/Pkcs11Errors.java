package org.countersign.agent.sandbox;

import org.countersign.core.error.AgentError;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.TokenException;

/** Return values of PKCS#11 (2.40, §5.1) in the agent's words. */
final class Pkcs11Errors {

    private Pkcs11Errors() {}

    static AgentError of(TokenException refused) {
        if (!(refused instanceof PKCS11Exception pkcs11)) {
            return AgentError.CARD_FAILED;
        }
        long code = pkcs11.getErrorCode();
        if (code == PKCS11Constants.CKR_PIN_INCORRECT
                || code == PKCS11Constants.CKR_PIN_INVALID
                || code == PKCS11Constants.CKR_PIN_LEN_RANGE) {
            return AgentError.PIN_INCORRECT;
        }
        if (code == PKCS11Constants.CKR_PIN_LOCKED) {
            return AgentError.PIN_LOCKED;
        }
        if (code == PKCS11Constants.CKR_FUNCTION_CANCELED) {
            return AgentError.PIN_NOT_ENTERED;
        }
        if (code == PKCS11Constants.CKR_USER_ALREADY_LOGGED_IN
                || code == PKCS11Constants.CKR_USER_ANOTHER_ALREADY_LOGGED_IN
                || code == PKCS11Constants.CKR_SESSION_COUNT
                || code == PKCS11Constants.CKR_OPERATION_ACTIVE) {
            return AgentError.BUSY;
        }
        if (code == PKCS11Constants.CKR_FUNCTION_NOT_SUPPORTED || code == PKCS11Constants.CKR_TOKEN_WRITE_PROTECTED) {
            return AgentError.NOT_OFFERED;
        }
        if (code == PKCS11Constants.CKR_DEVICE_REMOVED
                || code == PKCS11Constants.CKR_TOKEN_NOT_PRESENT
                || code == PKCS11Constants.CKR_TOKEN_NOT_RECOGNIZED) {
            return AgentError.NO_CARD;
        }
        if (code == PKCS11Constants.CKR_MECHANISM_INVALID || code == PKCS11Constants.CKR_KEY_TYPE_INCONSISTENT) {
            return AgentError.ALGORITHM_REFUSED;
        }
        return AgentError.CARD_FAILED;
    }
}
