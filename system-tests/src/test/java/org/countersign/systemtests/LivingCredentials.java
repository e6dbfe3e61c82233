package org.countersign.systemtests;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.Answer;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.RunningServer.Platform;

/** Credentials that sign, each with a client of its own, and what is done with them. */
abstract class LivingCredentials {

    static final String ALL =
            "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:globex";
    static final String NEW_PIN = "314159";

    final Platform platform;

    LivingCredentials(Platform platform) {
        this.platform = platform;
    }

    boolean isKept(String keyId) {
        var file = platform.server().folder().resolve("keys-globex").resolve(keyId + ".key");
        return Files.exists(file)
                || !one("SELECT count(*) FROM wrapped_key WHERE credential_id = '" + keyId + "'")
                        .equals("0");
    }

    /** With a client of its own, so that no test spends another's tries. */
    Holder enrolled(String name, String configuration) {
        var secret = platform.newClient(name, ALL);
        return new Enrolment(platform.globex(), name, secret, platform.authority())
                .tenant("globex")
                .configuration(configuration)
                .enrol(name);
    }

    static Answer act(Holder holder, String act, Map<String, ?> body) {
        return holder.caller().act(holder.credential(), act, body);
    }

    static Map<String, Object> with(Map<String, String> factors, String name, String value) {
        var all = new LinkedHashMap<String, Object>(factors);
        all.put(name, value);
        return all;
    }

    static Answer authorize(Holder holder, Map<String, String> factors) {
        return holder.caller().authorize(holder.credential(), holder.hashes("document"), factors);
    }

    static String certificate(Holder holder) {
        return holder.caller()
                .info(holder.credential())
                .ok()
                .json()
                .at("/cert/certificates/0")
                .asText();
    }

    /** Type and outcome of the credential's entries. */
    List<String> audited(Holder holder) {
        return List.of(one("SELECT string_agg(type || ' ' || upper(outcome), ',' ORDER BY at, seq) FROM audit_entry"
                        + " WHERE credential = '" + holder.credential() + "'")
                .split(","));
    }

    String one(String query) {
        try (var connection = platform.server().database().superuser("globex");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (java.sql.SQLException failed) {
            throw new AssertionError(failed);
        }
    }
}
