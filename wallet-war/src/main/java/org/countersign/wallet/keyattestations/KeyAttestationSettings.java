package org.countersign.wallet.keyattestations;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.configuration.ConfigurationObject;
import org.countersign.core.x509.TrustAnchors;

/**
 * Whose word on keys counts: {@code keyAttestation} of the file.
 *
 * @param android empty when Android's attestations are not verified
 * @param apple empty when Apple's are not
 */
public record KeyAttestationSettings(Optional<Android> android, Optional<Apple> apple) {

    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)+");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{1,40}");
    private static final Pattern APP_ID = Pattern.compile("[A-Z0-9]{10}\\.[A-Za-z0-9.-]{1,155}");

    /**
     * @param packages names of apps that may make keys; empty means any
     * @param signers SHA-256 of certificates that may sign them, in lower-case hexadecimal; empty means any
     * @param revoked serial numbers of certificates that no longer count
     */
    public record Android(TrustAnchors roots, Set<String> packages, Set<String> signers, Set<BigInteger> revoked) {

        public Android {
            packages = Set.copyOf(packages);
            signers = Set.copyOf(signers);
            revoked = Set.copyOf(revoked);
        }
    }

    /**
     * @param apps SHA-256 of App IDs, in lower-case hexadecimal
     * @param development whether apps in development count too
     */
    public record Apple(TrustAnchors roots, Set<String> apps, boolean development) {

        public Apple {
            apps = Set.copyOf(apps);
        }
    }

    /** Notes what is wrong in the file's problems. */
    public static KeyAttestationSettings read(ConfigurationObject file, Map<String, String> environment) {
        var object = file.object("keyAttestation");
        var settings = new KeyAttestationSettings(
                android(object.object("android"), environment), apple(object.object("apple"), environment));
        object.refuseUnknownKeys();
        return settings;
    }

    public boolean isEmpty() {
        return android.isEmpty() && apple.isEmpty();
    }

    private static Optional<Android> android(ConfigurationObject object, Map<String, String> environment) {
        var roots = roots(object, environment);
        var packages = texts(object, "packages", PACKAGE, "must be the name of a package, com.example.wallet");
        var signers = texts(object, "signatureDigests", SHA_256, "must be a SHA-256 in lower-case hexadecimal");
        var revoked = new HashSet<BigInteger>();
        texts(object, "revokedCertificates", SERIAL, "must be a serial number in lower-case hexadecimal")
                .forEach(serial -> revoked.add(new BigInteger(serial, 16)));
        object.refuseUnknownKeys();
        return object.isPresent()
                ? Optional.of(new Android(roots, new HashSet<>(packages), new HashSet<>(signers), revoked))
                : Optional.empty();
    }

    private static Optional<Apple> apple(ConfigurationObject object, Map<String, String> environment) {
        var roots = roots(object, environment);
        var apps = new HashSet<String>();
        texts(object, "appIds", APP_ID, "must be an App ID, TEAMID1234.com.example.wallet")
                .forEach(app -> apps.add(
                        HexFormat.of().formatHex(DigestUtils.sha256(app.getBytes(StandardCharsets.US_ASCII)))));
        var development = object.flag("development", false);
        if (object.isPresent() && !object.has("appIds")) {
            object.problems().error(object.pathOf("appIds"), "is required");
        }
        object.refuseUnknownKeys();
        return object.isPresent() ? Optional.of(new Apple(roots, apps, development)) : Optional.empty();
    }

    private static TrustAnchors roots(ConfigurationObject object, Map<String, String> environment) {
        var pem = object.resolved("roots", environment);
        if (!object.isPresent()) {
            return TrustAnchors.NONE;
        }
        if (pem.isEmpty()) {
            if (!object.has("roots")) {
                object.problems().error(object.pathOf("roots"), "is required");
            }
            return TrustAnchors.NONE;
        }
        try {
            return TrustAnchors.read(pem.get());
        } catch (IllegalArgumentException malformed) {
            object.problems()
                    .error(object.pathOf("roots"), "must be certificates in PEM, -----BEGIN CERTIFICATE-----…");
            return TrustAnchors.NONE;
        }
    }

    private static List<String> texts(ConfigurationObject object, String key, Pattern form, String problem) {
        var texts = object.texts(key);
        for (int i = 0; i < texts.size(); i++) {
            if (!form.matcher(texts.get(i)).matches()) {
                object.problems().error(object.pathOf(key) + "[" + i + "]", problem);
            }
        }
        return texts.stream().filter(text -> form.matcher(text).matches()).toList();
    }
}
