package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.RunningServer;
import org.countersign.systemtests.harness.RunningServer.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Organisations of the distribution service, for operators. */
@ExtendWith(RunningServer.class)
class DsOrganisationsIT {

    private static final String ADDRESS = "/admin/v1/organisations";

    private final Caller operator;

    DsOrganisationsIT(Platform platform) {
        operator = platform.ds().as(Company.OPERATOR, Company.OPERATOR_SECRET, "");
    }

    @Test
    void anOrganisationIsAddedOnceShownAndListed() {
        var added = operator.post(ADDRESS, Map.of("name", "ACME")).ok();
        assertThat(added.status()).isEqualTo(201);
        operator.post(ADDRESS, Map.of("name", "ACME")).refused(409, "conflict", "The organisation already exists");

        assertThat(operator.get(ADDRESS + "/" + added.text("id")).ok().text("name"))
                .isEqualTo("ACME");
        assertThat(operator.get(ADDRESS + "?pageSize=1000").ok().json().findValuesAsText("name"))
                .contains("ACME");
    }

    @Test
    void whatCannotBeANameIsRefused() {
        for (var name : new String[] {"", "  ", "a\u0007b", "x".repeat(101)}) {
            operator.post(ADDRESS, Map.of("name", name))
                    .refused(
                            400,
                            "invalid_request",
                            "name must have 1 to 100 characters, none of them a control character");
        }
    }
}
