package dev.longshore.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.longshore.cli";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void roomsHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void itKnowsNothingOfTheServerButItsContractAndTheSignaturesOfWebhooks() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "com.sun.net.httpserver",
                        "com.fasterxml.jackson..",
                        "picocli",
                        "org.jspecify.annotations",
                        "dev.longshore.webhook",
                        ROOT + "..")
                .check(CLASSES);
    }

    @Test
    void onlyCommandsKnowWhatWasTyped() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".commands")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli")
                .check(CLASSES);
    }

    @Test
    void nobodyReadsTheClockTheStreamsOrTheEnvironmentButTheProgram() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Longshore")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(InstantSource.class, "system")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv")
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in")
                .check(CLASSES);
    }

    @Test
    void noClassIsNamedForNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|DTO|Service)")
                .check(CLASSES);
    }

    @Test
    void everyRoomHasASignAndIsNullMarked() {
        JavaPackage root = CLASSES.getPackage(ROOT);
        assertThat(root.isAnnotatedWith(NullMarked.class)).isTrue();
        for (JavaPackage room : root.getSubpackages()) {
            assertThat(room.isAnnotatedWith(NullMarked.class))
                    .as(room.getName())
                    .isTrue();
        }
    }
}
