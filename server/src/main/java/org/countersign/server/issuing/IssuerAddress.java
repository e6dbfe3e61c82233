package org.countersign.server.issuing;

import java.net.URI;
import java.util.Map;
import org.countersign.core.configuration.ConfigurationObject;

/** The key {@code issuer} of a configuration: the context's address as others reach it, {@code iss} of its tokens. */
public final class IssuerAddress {

    private static final String KEY = "issuer";

    private IssuerAddress() {}

    public static URI read(ConfigurationObject object, Map<String, String> environment) {
        var text = object.resolved(KEY, environment).orElse("");
        try {
            var issuer = URI.create(text);
            boolean web = "https".equals(issuer.getScheme()) || "http".equals(issuer.getScheme());
            boolean plain = issuer.getRawUserInfo() == null
                    && issuer.getRawQuery() == null
                    && issuer.getRawFragment() == null
                    && !text.endsWith("/");
            if (web && issuer.getHost() != null && plain) {
                return issuer;
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        object.problems()
                .error(
                        object.pathOf(KEY),
                        "must be the context's address as others reach it, such as https://ds.example.com/ds-acme,"
                                + " without user, query and fragment, and without a slash at its end");
        return URI.create("");
    }
}
