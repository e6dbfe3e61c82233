package org.countersign.signer.configuration;

import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.signer.factors.AuthorizationConfiguration;

/**
 * What credentials are like that clients of the Cloud Signature Consortium's API create in one call.
 *
 * @param configuration whose factors can be set in that call: no authenticator's OTP, which is shown and confirmed
 * @param multiSignature how many signatures one authorization may ask for
 * @param certificatePolicy the one that a request may name, an OID
 */
public record CreationSettings(
        AuthorizationConfiguration configuration,
        KeyAlgorithm keyAlgorithm,
        int multiSignature,
        Optional<String> certificatePolicy) {

    private static final String CONFIGURATION = "authorizationConfigurationId";
    private static final String POLICY = "certificatePolicy";
    private static final Pattern OID = Pattern.compile("[0-2](\\.(0|[1-9][0-9]{0,9})){1,20}");
    private static final int MAX_MULTI_SIGNATURE = 1_000;

    /** @return empty when there is none, or something is wrong with it */
    static Optional<CreationSettings> read(ConfigurationObject object, AuthorizationConfigurations authorizations) {
        var problems = object.problems();
        int multiSignature = object.number("multiSignature", 1, 1, MAX_MULTI_SIGNATURE);
        var policy = object.text(POLICY);
        var algorithm = keyAlgorithm(object);
        var id = object.isPresent() ? object.requiredText(CONFIGURATION) : "";
        object.accept(CONFIGURATION);
        object.refuseUnknownKeys();
        if (!object.isPresent()) {
            return Optional.empty();
        }
        if (policy.isPresent() && !OID.matcher(policy.get()).matches()) {
            problems.error(object.pathOf(POLICY), "must be an OID");
        }
        var configuration = authorizations.find(id);
        if (configuration.isEmpty()) {
            problems.error(object.pathOf(CONFIGURATION), "must be one of authorizationConfigurations");
        } else if (configuration.get().asksForAuthenticator()) {
            problems.error(
                    object.pathOf(CONFIGURATION),
                    "must not have the OTP of an authenticator, which is confirmed in another call");
        }
        return algorithm.flatMap(
                key -> configuration.map(found -> new CreationSettings(found, key, multiSignature, policy)));
    }

    private static Optional<KeyAlgorithm> keyAlgorithm(ConfigurationObject object) {
        var name = object.text("keyAlgorithm").orElse("EC");
        var curve = object.text("curve");
        var length = object.has("keyLength")
                ? Optional.of(object.number("keyLength", 0, 0, Integer.MAX_VALUE))
                : Optional.<Integer>empty();
        object.accept("keyLength");
        boolean nothing = !object.has("keyAlgorithm") && length.isEmpty();
        try {
            return Optional.of(KeyAlgorithm.of(name, length.orElse(null), curve.orElse(nothing ? "P-256" : null)));
        } catch (ProtocolException unknown) {
            object.problems().error(object.pathOf("keyAlgorithm"), "with keyLength or curve: " + unknown.description());
            return Optional.empty();
        }
    }
}
