package org.countersign.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

@AnalyzeClasses(packages = "org.countersign.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_agent_knows_core_alone = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.countersign.server..",
                    "org.countersign.signer..",
                    "org.countersign.ds..",
                    "org.countersign.cli..",
                    "jakarta.ws.rs..",
                    "jakarta.servlet..");

    /** Each costs some 20 MB in a runtime image, or half a second at start. Windows have a program of their own. */
    @ArchTest
    static final ArchRule what_is_heavy_stays_out = noClasses()
            .that()
            .haveNameNotMatching("org\\.countersign\\.agent\\.dialogs\\.SwingProgram(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.awt..", "javax.swing..", "java.sql..", "com.fasterxml..");

    @ArchTest
    static final ArchRule native_libraries_of_others_run_in_the_sandbox = noClasses()
            .that()
            .resideOutsideOfPackage("org.countersign.agent.sandbox..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.xipki..", "iaik..");

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("org.countersign.agent.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule logs_go_to_system_logger = noClasses()
            .that()
            .resideOutsideOfPackage("org.countersign.agent.logs..")
            .should(GeneralCodingRules.USE_JAVA_UTIL_LOGGING);

    @ArchTest
    static final ArchRule only_main_prints = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("org.countersign.agent.Main")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);
}
