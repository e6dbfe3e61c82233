package org.countersign.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

@AnalyzeClasses(packages = "org.countersign.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class PackagesTest {

    @ArchTest
    static final ArchRule featuresFormNoCircle =
            slices().matching("org.countersign.cli.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theServersKnowNothingOfDemonstrations = ArchRuleDefinition.noClasses()
            .that()
            .resideInAnyPackage("..cli.database..", "..cli.servers..", "..cli.process..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..cli.up..", "..cli.sign..");
}
