package org.countersign.signer.csc;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.signer.credentials.DescribeCredential.Cert;
import org.countersign.signer.credentials.DescribeCredential.Description;
import org.countersign.signer.credentials.DescribeCredential.Key;

/**
 * A credential (CSC API 2.0.0.2 §11.4, §11.5).
 *
 * @param credentialId in lists alone
 */
public record CscV2Credential(
        @JsonProperty("credentialID") String credentialId,
        Key key,
        Cert cert,
        Auth auth,
        @JsonProperty("SCAL") String scal,
        int multisign,
        String lang) {

    static final String PIN = "PIN";
    static final String OTP = "OTP";
    static final String PUSH = "PUSH";
    /** The identifiers that authentication objects have here. */
    static final Set<String> FACTORS = Set.of(PIN, OTP, PUSH);

    private static final String PASSWORD = "Password";

    /**
     * How it is authorized.
     *
     * @param expression the objects' identifiers with {@code AND} between them; it and they where {@code authInfo} asked for them
     */
    public record Auth(String mode, String expression, List<AuthObject> objects) {}

    /**
     * A factor (§8.3.1.1, §8.3.1.2, §8.3.1.4, §8.3.1.5).
     *
     * @param format {@code A} or {@code N}
     * @param generator {@code totp}, of an authenticator's one-time password
     */
    public record AuthObject(
            String type, String id, String format, String generator, String label, String description) {}

    /** @param push whether the holder's approval is among the factors to be shown */
    static CscV2Credential of(String credentialId, Description description, KeyAlgorithm key, boolean push) {
        return new CscV2Credential(
                credentialId,
                new Key(description.key().status(), CscAlgorithms.of(key), key.bits(), CscAlgorithms.curve(key)),
                description.cert(),
                auth(description, push),
                description.scal(),
                description.multisign(),
                CscInfoResource.LANGUAGE);
    }

    private static Auth auth(Description description, boolean push) {
        var objects = new ArrayList<AuthObject>();
        var pin = description.pin();
        if (pin != null && pin.format() != null) {
            objects.add(new AuthObject(PASSWORD, PIN, pin.format(), null, pin.label(), pin.description()));
        }
        var otp = description.otp();
        if (otp != null && otp.format() != null) {
            objects.add(
                    otp.type().equals("online")
                            ? new AuthObject(
                                    "ChallengeResponse", OTP, otp.format(), null, otp.label(), otp.description())
                            : new AuthObject(PASSWORD, OTP, otp.format(), "totp", otp.label(), otp.description()));
        }
        if (push) {
            objects.add(new AuthObject(
                    "ChallengeResponseOOB",
                    PUSH,
                    null,
                    null,
                    "Approval",
                    "The holder's approval, on a device of theirs"));
        }
        return objects.isEmpty()
                ? new Auth(description.authMode(), null, null)
                : new Auth(
                        description.authMode(),
                        objects.stream().map(AuthObject::id).collect(Collectors.joining(" AND ")),
                        objects);
    }
}
