package org.countersign.wallet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import org.countersign.server.architecture.CommonRules;
import org.countersign.server.architecture.WarRules;

@AnalyzeClasses(packages = "org.countersign.wallet", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String WAR = "org.countersign.wallet";

    @ArchTest
    static final ArchRule nothing_depends_on_wiring = WarRules.nothingDependsOnWiring(WAR);

    @ArchTest
    static final ArchRule only_resources_providers_and_wiring_know_jakarta_rest =
            WarRules.onlyResourcesProvidersAndWiringKnowJakartaRest(WAR);

    @ArchTest
    static final ArchRule nothing_knows_the_resources_but_wiring = WarRules.nothingKnowsTheResourcesButWiring(WAR);

    @ArchTest
    static final ArchRule wars_meet_over_http = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.countersign.signer..", "org.countersign.ds..", "org.countersign.cli..");

    @ArchTest
    static final ArchTests common_rules = ArchTests.in(CommonRules.class);
}
