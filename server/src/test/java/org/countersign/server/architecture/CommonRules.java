package org.countersign.server.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

/** What holds in every module that runs on an application server: {@code ArchTests.in(CommonRules.class)}. */
public final class CommonRules {

    @ArchTest
    public static final ArchRule logs_go_to_system_logger = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    public static final ArchRule companies_log_files_miss_nothing = noClasses()
            .that()
            .resideOutsideOfPackage("org.countersign.server.logging..")
            .should()
            .callMethod(System.class, "getLogger", String.class)
            .because("ContextLogger.of writes to them as well");

    @ArchTest
    public static final ArchRule nothing_is_printed = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    public static final ArchRule fields_are_not_injected = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

    private CommonRules() {}
}
