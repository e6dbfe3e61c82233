package org.countersign.signer.factors;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.countersign.core.error.ProtocolException;

/**
 * The factors that a holder sends for an act.
 *
 * @param pin null or empty where none was sent, as the OTP
 */
public record SentFactors(
        @JsonProperty("PIN") String pin,
        @JsonProperty("OTP") String otp) {

    public static final String PIN_REQUIRED = "PIN is required";
    public static final String OTP_REQUIRED = "OTP is required";

    public static final SentFactors NONE = new SentFactors(null, null);

    /** @throws ProtocolException when one is missing that the configuration asks for */
    void require(AuthorizationConfiguration configuration) {
        require(configuration, pin, otp);
    }

    /** As {@link #require(AuthorizationConfiguration)}. */
    public static void require(AuthorizationConfiguration configuration, String pin, String otp) {
        if (configuration.asksFor(Factor.PIN) && (pin == null || pin.isEmpty())) {
            throw ProtocolException.invalidRequest(PIN_REQUIRED);
        }
        if (configuration.asksFor(Factor.OTP) && (otp == null || otp.isEmpty())) {
            throw ProtocolException.invalidRequest(OTP_REQUIRED);
        }
    }

    @Override
    public String toString() {
        return "sent factors";
    }
}
