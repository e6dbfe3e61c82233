package org.countersign.signer.configuration;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.signer.factors.AuthorizationConfiguration;
import org.countersign.signer.factors.Factor;
import org.countersign.signer.factors.OtpDelivery;
import org.countersign.signer.factors.PinPolicy;

/** The {@code authorizationConfigurations} of a context; without any, {@code pin}, {@code otp} and {@code pin-otp}. */
public final class AuthorizationConfigurations {

    private static final int MAX_ID = 64;

    private final Map<String, AuthorizationConfiguration> byId;

    private AuthorizationConfigurations(Map<String, AuthorizationConfiguration> byId) {
        this.byId = byId;
    }

    public Optional<AuthorizationConfiguration> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The configuration of a stored credential. */
    public AuthorizationConfiguration of(String id) {
        return find(id).orElseThrow(() -> new IllegalStateException(
                "A credential uses the authorization configuration " + id + ", which is gone from the file"));
    }

    public Collection<AuthorizationConfiguration> all() {
        return byId.values();
    }

    /** Whether codes are sent to any holder. */
    public boolean anySendsCodes() {
        return byId.values().stream().anyMatch(AuthorizationConfiguration::asksForSentCode);
    }

    static AuthorizationConfigurations read(ConfigurationObject file) {
        var byId = new LinkedHashMap<String, AuthorizationConfiguration>();
        for (var object : file.objects("authorizationConfigurations")) {
            var read = one(object);
            if (byId.put(read.id(), read) != null && !read.id().isEmpty()) {
                file.problems().error(object.pathOf("id"), "is the same as an earlier configuration's");
            }
        }
        if (byId.isEmpty()) {
            add(byId, "pin", EnumSet.of(Factor.PIN));
            add(byId, "otp", EnumSet.of(Factor.OTP));
            add(byId, "pin-otp", EnumSet.of(Factor.PIN, Factor.OTP));
        }
        return new AuthorizationConfigurations(byId);
    }

    private static void add(Map<String, AuthorizationConfiguration> byId, String id, Set<Factor> factors) {
        byId.put(
                id,
                new AuthorizationConfiguration(
                        id,
                        AuthorizationConfiguration.EXPLICIT,
                        factors,
                        PinPolicy.DEFAULT,
                        AuthorizationConfiguration.DEFAULT_MAX_FAILURES,
                        2));
    }

    private static AuthorizationConfiguration one(ConfigurationObject object) {
        var problems = object.problems();
        var id = object.requiredText("id");
        if (id.length() > MAX_ID) {
            problems.error(object.pathOf("id"), "must have 64 characters at most");
        }
        var type = object.text("type").orElse(AuthorizationConfiguration.EXPLICIT);
        if (!type.equals(AuthorizationConfiguration.EXPLICIT)) {
            problems.error(object.pathOf("type"), "must be explicit, the only type of this version");
        }
        var factors = EnumSet.noneOf(Factor.class);
        for (String factor : object.texts("factors")) {
            try {
                factors.add(Factor.valueOf(factor));
            } catch (IllegalArgumentException unknown) {
                problems.error(object.pathOf("factors"), "may have PIN, OTP and PUSH");
            }
        }
        if (factors.isEmpty()) {
            problems.error(object.pathOf("factors"), "needs PIN, OTP or both: a credential is not left unprotected");
        }
        if (factors.equals(EnumSet.of(Factor.PUSH))) {
            problems.error(object.pathOf("factors"), "needs PIN or OTP beside PUSH: holders act by them, too");
        }
        var policy = pinPolicy(object.object("pinPolicy"));
        int maxFailures = object.number("maxFailures", AuthorizationConfiguration.DEFAULT_MAX_FAILURES, 1, 100);
        int scal = object.number("scal", 2, 1, 2);
        if (scal == 1 && factors.contains(Factor.PUSH)) {
            problems.error(
                    object.pathOf("scal"), "must be 2 with PUSH: a holder approves what is signed, not a number");
        }
        if (object.has("otpDelivery") && !factors.contains(Factor.OTP)) {
            problems.error(object.pathOf("otpDelivery"), "is for configurations whose factors have OTP");
        }
        var delivery = object.choice("otpDelivery", OtpDelivery.class, OtpDelivery.AUTHENTICATOR);
        if (delivery == OtpDelivery.GATEWAY && factors.contains(Factor.PUSH)) {
            problems.error(
                    object.pathOf("otpDelivery"),
                    "must be authenticator with PUSH: one gateway would have both, and the code would be used up before"
                            + " the holder is asked");
        }
        object.refuseUnknownKeys();
        return new AuthorizationConfiguration(id, type, factors, policy, maxFailures, scal, delivery);
    }

    private static PinPolicy pinPolicy(ConfigurationObject object) {
        var defaults = PinPolicy.DEFAULT;
        int least = object.number("minLength", defaults.minLength(), 4, 256);
        int most = object.number("maxLength", defaults.maxLength(), 4, 256);
        boolean digitsOnly = object.flag("digitsOnly", defaults.digitsOnly());
        object.refuseUnknownKeys();
        if (least > most) {
            object.problems().error(object.pathOf("maxLength"), "must not be less than minLength");
        }
        return new PinPolicy(least, most, digitsOnly);
    }
}
