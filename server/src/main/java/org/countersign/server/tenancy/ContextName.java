package org.countersign.server.tenancy;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a deployed context, which is the name of its WAR file: {@code signer-acme}. A context {@code NAME--SUFFIX}
 * is the same company's during a move between versions and reads {@code NAME}'s configuration.
 *
 * @param deployed the context path without its slash
 */
public record ContextName(String deployed) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    public ContextName {
        if (!FORM.matcher(deployed).matches()) {
            throw new IllegalArgumentException("A context's name has letters, digits, dots, dashes and underscores");
        }
    }

    /** @param contextPath as the servlet container gives it, {@code /signer-acme} */
    public static ContextName ofPath(String contextPath) {
        return new ContextName(contextPath.replaceFirst("^/", ""));
    }

    /** The company's own name, under which its configuration and secrets are found. */
    public String company() {
        int move = deployed.indexOf("--");
        return move > 0 ? deployed.substring(0, move) : deployed;
    }

    /** The company's name as a part of an environment variable: {@code SIGNER_ACME}. */
    public String inEnvironment() {
        return company().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
