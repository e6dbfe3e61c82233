package org.countersign.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

@AnalyzeClasses(packages = "org.countersign.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule core_is_plain_java = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta..", "javax.ws.rs..", "javax.servlet..", "org.hibernate..", "java.sql..");

    @ArchTest
    static final ArchRule core_knows_no_other_module = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.countersign.server..", "org.countersign.signer..", "org.countersign.cli..");

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("org.countersign.core.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule logs_go_to_system_logger = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule nothing_is_printed = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule fields_are_not_injected = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
}
