package org.countersign.systemtests.harness;

import java.util.Map;

/** Somebody at the wizard of a signer, as its pages call the service. */
public final class WizardVisitor {

    public static final String SESSION = "/api/v1/session";
    public static final String PASSWORD = ConsoleVisitor.PASSWORD;

    private WizardVisitor() {}

    /** @param headers name, value, name, value … */
    public static Answer signIn(SignerApi signer, String user, String password, String... headers) {
        return ConsoleVisitor.at(signer).post(SESSION, Map.of("user", user, "password", password), headers);
    }

    /** Signed in as one of the demonstration's users. */
    public static ConsoleVisitor as(SignerApi signer, String user) {
        var answer = signIn(signer, user, PASSWORD).ok();
        return new ConsoleVisitor(signer, ConsoleVisitor.cookie(answer), answer.text("csrfToken"));
    }
}
