package org.countersign.server.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import jakarta.ws.rs.ext.Provider;

/** What holds in every WAR. The parameter is its package, {@code org.countersign.signer}. */
public final class WarRules {

    private WarRules() {}

    public static ArchRule nothingDependsOnWiring(String war) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(war + ".wiring..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(war + ".wiring..");
    }

    public static ArchRule onlyResourcesProvidersAndWiringKnowJakartaRest(String war) {
        return noClasses()
                .that()
                .haveNameNotMatching(".*Resource(\\$.*)?")
                .and()
                .areNotAnnotatedWith(Provider.class)
                .and()
                .resideOutsideOfPackage(war + ".wiring..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.ws.rs..", "jakarta.servlet..");
    }

    public static ArchRule nothingKnowsTheResourcesButWiring(String war) {
        return noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Resource")
                .and()
                .resideOutsideOfPackage(war + ".wiring..")
                .and()
                .areTopLevelClasses()
                .should()
                .dependOnClassesThat()
                .haveSimpleNameEndingWith("Resource");
    }
}
