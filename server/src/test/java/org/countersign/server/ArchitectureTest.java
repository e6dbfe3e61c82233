package org.countersign.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import jakarta.ws.rs.core.Context;
import org.countersign.server.oauth.BearerAuthentication;
import org.countersign.server.web.ExceptionAnswers;

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
    static final ArchRule only_web_oauth_and_health_know_jakarta_rest = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "org.countersign.server.web..", "org.countersign.server.oauth..", "org.countersign.server.health..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.ws.rs..");

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("org.countersign.server.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule logs_go_to_system_logger = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule nothing_is_printed = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule fields_are_not_injected = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

    @ArchTest
    static final ArchRule only_two_providers_of_the_server_have_context_fields = noFields()
            .that()
            .areDeclaredInClassesThat()
            .doNotBelongToAnyOf(BearerAuthentication.class, ExceptionAnswers.class)
            .should()
            .beAnnotatedWith(Context.class);
}
