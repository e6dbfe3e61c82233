package org.countersign.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.ws.rs.core.Context;
import org.countersign.server.architecture.CommonRules;

@AnalyzeClasses(packages = "org.countersign.server", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule server_knows_no_war_and_no_command_line = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.countersign.signer..",
                    "org.countersign.ds..",
                    "org.countersign.wallet..",
                    "org.countersign.cli..");

    @ArchTest
    static final ArchRule only_web_and_what_has_resources_know_jakarta_rest = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "org.countersign.server.console..",
                    "org.countersign.server.web..",
                    "org.countersign.server.oauth..",
                    "org.countersign.server.health..",
                    "org.countersign.server.issuing..",
                    "org.countersign.server.metrics..",
                    "org.countersign.server.openapi..",
                    "org.countersign.server.signingkeys..",
                    "org.countersign.server.wiring..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.ws.rs..");

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("org.countersign.server.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchTests common_rules = ArchTests.in(CommonRules.class);

    @ArchTest
    static final ArchRule nothing_waits_for_the_container_to_fill_a_field = noFields()
            .should()
            .beAnnotatedWith(Context.class)
            .because("RESTEasy fills them at the first use, and lets a second request at the same time see them empty");
}
