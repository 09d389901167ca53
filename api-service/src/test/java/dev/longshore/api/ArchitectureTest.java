package dev.longshore.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.longshore.api";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void roomsHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void resourcesDoNotImportEachOther() {
        List<String> resources = List.of("jobs", "deadletters", "models", "admin", "callbacks", "webhooks");
        for (String resource : resources) {
            for (String other : resources) {
                if (!other.equals(resource)) {
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + "." + resource)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(ROOT + "." + other)
                            .check(CLASSES);
                }
            }
        }
    }

    @Test
    void nobodyReadsTheClockOutsideTheCompositionRoot() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Composition")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        noFields().should().beAnnotatedWith(Inject.class).check(CLASSES);
    }

    @Test
    void noClassIsNamedForNothing() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("DTO")
                .check(CLASSES);
    }

    @Test
    void jobTablesAreWrittenByTheJobStoreAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".admin", ROOT + ".access", ROOT + ".webhooks")
                .should()
                .callMethod(java.sql.PreparedStatement.class, "executeUpdate")
                .check(CLASSES);
    }

    @Test
    void everyRoomHasASignAndIsNullMarked() {
        for (JavaPackage room : CLASSES.getPackage(ROOT).getSubpackages()) {
            assertThat(room.isAnnotatedWith(NullMarked.class))
                    .as(room.getName())
                    .isTrue();
        }
        classes().should().resideInAPackage(ROOT + "..").check(CLASSES);
    }
}
