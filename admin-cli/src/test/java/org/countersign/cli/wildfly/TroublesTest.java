package org.countersign.cli.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(Troubles.errors(log))
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
        assertThat(Troubles.errors(log))
                .containsExactly(
                        "2 errors in signer-acme.json:",
                        "  - tenants[0].nmae: is not known; did you mean name?",
                        "  - hsm.type: must be one of test, homo");
    }
}
