package org.countersign.server.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Set;
import org.countersign.core.oauth2.SeatName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthoritiesTest {

    private static final Set<String> TENANTS = Set.of("acme", "beta");

    @Test
    void the_seeds_broken_line_is_read_and_written_in_a_fixed_order() {
        var authorities = Authorities.parse(
                        "tenantName:beta,trustLevel:trustedClient,apiGroup:lister,\napiGroup:signer,tenantName:acme",
                        TENANTS,
                        problem -> {
                            throw new AssertionError(problem);
                        })
                .orElseThrow();
        assertThat(authorities)
                .hasToString(
                        "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,tenantName:acme,tenantName:beta");
        assertThat(Authorities.parse(authorities.toString(), TENANTS, problem -> {}))
                .contains(authorities);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "apiGroup:signer|One authority must be trustLevel:trustedClient or trustLevel:untrustedClient",
                "trustLevel:trustedClient,trustLevel:untrustedClient|One authority must be trustLevel:trustedClient or"
                        + " trustLevel:untrustedClient",
                "trustLevel:trustedClient,apiGroup:Signer|An authority apiGroup:… must be one of signer, lister,"
                        + " generator, oAuthAdmin, operator, support, auditor, connector",
                "trustLevel:trustedClient,tenantName:gamma|An authority tenantName:… names no tenant of this context",
                "trustLevel:trustedClient,other|An authority is trustLevel:…, apiGroup:…, tenantName:…, groupName:… or origin:…",
                "trustLevel:trustedClient,apiGroup:connector|apiGroup:connector needs origin:… of the pages that use its"
                        + " tokens, and they need it",
                "trustLevel:trustedClient,origin:https://a.example.com|apiGroup:connector needs origin:… of the pages that"
                        + " use its tokens, and they need it",
                "trustLevel:trustedClient,apiGroup:connector,origin:https://a.example.com/x|An authority origin:… has the"
                        + " form https://host or https://host:port in lower case; http for localhost and 127.0.0.1 only",
                "trustLevel:trustedClient,tenantName:acme,groupName:sales|An authority groupName:NAME@TENANT has a name of 1"
                        + " to 64 letters, digits, '.', '_' and '-', and a tenant",
                "trustLevel:trustedClient,tenantName:acme,groupName:sales@beta|An authority groupName:NAME@TENANT needs"
                        + " tenantName:TENANT beside it",
                "trustLevel:trustedClient,apiGroup:oAuthAdmin,tenantName:acme,groupName:sales@acme|An oAuthAdmin or"
                        + " operator is not kept to groups",
                "trustLevel:trustedClient,apiGroup:operator,tenantName:acme,groupName:sales@acme|An oAuthAdmin or"
                        + " operator is not kept to groups",
                "trustLevel:untrustedClient,tenantName:acme,tenantName:beta|An untrustedClient has one tenant",
                "trustLevel:untrustedClient,apiGroup:generator|An untrustedClient is neither generator nor oAuthAdmin",
                "trustLevel:untrustedClient,apiGroup:oAuthAdmin|An untrustedClient is neither generator nor oAuthAdmin"
            })
    void anything_else_is_told_in_a_sentence(String text, String problem) {
        var problems = new ArrayList<String>();
        assertThat(Authorities.parse(text, TENANTS, problems::add)).isEmpty();
        assertThat(problems).containsExactly(problem);
    }

    @Test
    void groups_are_of_one_tenant_and_leave_the_others_whole() {
        var text = "trustLevel:trustedClient,apiGroup:signer,tenantName:acme,tenantName:beta,groupName:legal@acme,"
                + "groupName:sales@acme";
        var authorities = Authorities.parse(text, TENANTS, problem -> {}).orElseThrow();
        assertThat(authorities).hasToString(text);
        assertThat(authorities.groupsOf("acme")).containsExactlyInAnyOrder("legal", "sales");
        assertThat(authorities.groupsOf("beta")).isEmpty();

        SeatGroups groups = (seat, names) -> seat.seat().equals("jdoe") && names.contains("sales");
        assertThat(groups.reaches(authorities, new SeatName("jdoe", "acme"))).isTrue();
        assertThat(groups.reaches(authorities, new SeatName("other", "acme"))).isFalse();
        assertThat(groups.reaches(authorities, new SeatName("other", "beta"))).isTrue();
        assertThat(groups.reaches(authorities, new SeatName("jdoe", "gamma"))).isFalse();
    }

    @Test
    void everything_wrong_is_told_at_once() {
        var problems = new ArrayList<String>();
        Authorities.parse("x,apiGroup:y,tenantName:z", TENANTS, problems::add);
        assertThat(problems).hasSize(4);
    }
}
