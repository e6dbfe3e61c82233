package org.countersign.signer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

@AnalyzeClasses(packages = "org.countersign.signer", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule nothing_depends_on_wiring = noClasses()
            .that()
            .resideOutsideOfPackage("org.countersign.signer.wiring..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.countersign.signer.wiring..");

    @ArchTest
    static final ArchRule only_resources_and_wiring_know_jakarta_rest = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Resource")
            .and()
            .resideOutsideOfPackage("org.countersign.signer.wiring..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws.rs..", "jakarta.servlet..");

    @ArchTest
    static final ArchRule nothing_knows_the_resources_but_wiring = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Resource")
            .and()
            .resideOutsideOfPackage("org.countersign.signer.wiring..")
            .and()
            .areTopLevelClasses()
            .should()
            .dependOnClassesThat()
            .haveSimpleNameEndingWith("Resource");

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
    static final ArchRule logs_go_to_system_logger = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule nothing_is_printed = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule fields_are_not_injected = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
}
