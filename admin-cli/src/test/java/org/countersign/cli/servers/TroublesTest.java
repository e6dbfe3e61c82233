package org.countersign.cli.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TroublesTest {

    @Test
    void showsTheErrorsOfTheLastStartWithoutStackFrames() {
        var log = List.of(
                "2026-11-22 04:04:40,000 INFO  [org.jboss.as] (MSC 1-1) WFLYSRV0049: WildFly starting",
                "2026-11-22 04:04:41,000 ERROR [x] (t) an earlier start's error",
                "2026-11-22 04:05:40,000 INFO  [org.jboss.as] (MSC 1-1) WFLYSRV0049: WildFly starting",
                "2026-11-22 04:05:41,000 ERROR [org.countersign] (t) 2 errors in signer-acme.json:",
                "  - tenants[0].nmae: is not known; did you mean name?",
                "  - hsm.type: must be one of test, homo",
                "\tat org.countersign.Thing.run(Thing.java:1)",
                "\t... 12 more",
                "2026-11-22 04:05:42,000 WARN  [y] (t) something else");
        assertThat(errors(ServerKind.WILDFLY, log))
                .containsExactly(
                        "2026-11-22 04:05:41,000 ERROR [org.countersign] (t) 2 errors in signer-acme.json:",
                        "  - tenants[0].nmae: is not known; did you mean name?",
                        "  - hsm.type: must be one of test, homo");
    }

    @Test
    void showsAWrongConfigurationOnceAndAlone() {
        var log = List.of(
                "2026-11-22 04:05:41,000 ERROR [org.jboss.msc] (t) MSC000001: Failed to start: StartException",
                "Caused by: org.countersign.core.configuration.ConfigurationException: 2 errors in signer-acme.json:",
                "  - tenants[0].nmae: is not known; did you mean name?",
                "  - hsm.type: must be one of test, homo",
                "\tat org.countersign.Thing.run(Thing.java:1)",
                "2026-11-22 04:05:42,000 ERROR [org.jboss.as] (t) WFLYCTL0013: Operation failed");
        assertThat(errors(ServerKind.WILDFLY, log))
                .containsExactly(
                        "2 errors in signer-acme.json:",
                        "  - tenants[0].nmae: is not known; did you mean name?",
                        "  - hsm.type: must be one of test, homo");
    }

    @Test
    void showsAWrongConfigurationOnceAndAloneOnLibertyToo() {
        var log = List.of(
                "[2026-11-22T06:49:08.361+0000] 00000024 com.ibm.ws.webcontainer.webapp                              "
                        + "                 E an earlier start's error",
                "[2026-11-22T06:50:02.593+0000] 00000001 com.ibm.ws.kernel.launch.internal.FrameworkManager           "
                        + "A CWWKE0001I: The server countersign has been launched.",
                "[2026-11-22T06:50:11.336+0000] 00000023 org.countersign.signer.wiring.SignerLifecycle                "
                        + "E Context signer-acme does not start: 2 errors in signer-acme.json:",
                "  - tenants[0].nmae: is not known; did you mean name?",
                "  - hsm.type: must be one of test, homo",
                "[2026-11-22T06:50:11.400+0000] 00000023 com.ibm.ws.webcontainer.webapp                               "
                        + "E SRVE0283E: Exception caught while initializing context:"
                        + " org.countersign.core.configuration.ConfigurationException: 2 errors in signer-acme.json:",
                "  - tenants[0].nmae: is not known; did you mean name?",
                "  - hsm.type: must be one of test, homo",
                "\tat org.countersign.Thing.run(Thing.java:1)",
                "[2026-11-22T06:50:11.509+0000] 00000023 com.ibm.ws.app.manager.AppMessageHelper                      "
                        + "A CWWKZ0012I: The application signer-acme was not started.");
        assertThat(errors(ServerKind.LIBERTY, log))
                .containsExactly(
                        "2 errors in signer-acme.json:",
                        "  - tenants[0].nmae: is not known; did you mean name?",
                        "  - hsm.type: must be one of test, homo");
    }

    private static List<String> errors(ServerKind kind, List<String> log) {
        var nowhere = Path.of("nowhere");
        return new Troubles(kind.folder(nowhere).log(), nowhere).errors(log);
    }
}
