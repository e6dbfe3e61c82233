package org.countersign.signer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import org.countersign.server.architecture.CommonRules;
import org.countersign.server.architecture.WarRules;

@AnalyzeClasses(packages = "org.countersign.signer", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String WAR = "org.countersign.signer";

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
            .resideInAnyPackage("org.countersign.ds..", "org.countersign.wallet..", "org.countersign.cli..");

    @ArchTest
    static final ArchRule authorizing_comes_before_signing = noClasses()
            .that()
            .resideInAPackage("org.countersign.signer.activation..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.countersign.signer.signatures..");

    @ArchTest
    static final ArchTests common_rules = ArchTests.in(CommonRules.class);
}
