package dev.longshore.worker;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The rules of the house that a compiler does not know.
class ArchitectureTest {
    private static final String ROOT = "dev.longshore.worker";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static final Pattern FORBIDDEN_NAMES = Pattern.compile(".*(?:Util|Utils|Helper|Manager|Impl|DTO|Dto)");

    private static final Set<Class<?>> DATES =
            Set.of(Instant.class, LocalDate.class, LocalDateTime.class, OffsetDateTime.class, ZonedDateTime.class);

    private static final DescribedPredicate<JavaMethodCall> READS_THE_SYSTEM_CLOCK =
            DescribedPredicate.describe("read the system clock", ArchitectureTest::readsTheSystemClock);

    private static boolean readsTheSystemClock(JavaMethodCall call) {
        JavaClass owner = call.getTargetOwner();
        String method = call.getName();
        return owner.isEquivalentTo(System.class) && method.equals("currentTimeMillis")
                || owner.isEquivalentTo(Clock.class) && (method.startsWith("system") || method.startsWith("tick"))
                || owner.isEquivalentTo(InstantSource.class) && method.startsWith("system")
                || DATES.stream().anyMatch(owner::isEquivalentTo) && method.equals("now");
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nobodyOutsideADialectsRoomImportsItButTheCompositionRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".provider.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".provider.*..")
                .check(CLASSES);
    }

    @Test
    void dialectsDoNotImportEachOther() {
        // What a chat is belongs to none of them.
        slices().matching(ROOT + ".provider.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(DescribedPredicate.alwaysTrue(), resideInAPackage(ROOT + ".provider.chat"))
                .check(CLASSES);
    }

    @Test
    void noRoomImportsTheCompositionRoot() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(CLASSES);
    }

    @Test
    void nobodyReadsTheSystemClockOutsideTheCompositionRoot() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Composition.class.getName())
                .and()
                // A program of its own, put together in its main.
                .doNotHaveFullyQualifiedName(CheckProvider.class.getName())
                .should()
                .callMethodWhere(READS_THE_SYSTEM_CLOCK)
                .orShould()
                .callConstructor(Date.class)
                .check(CLASSES);
    }

    @Test
    void theCompositionRootReadsTheSystemClockSoThatTheRuleIsKnownToSeeIt() {
        assertThat(CLASSES.get(Composition.class).getMethodCallsFromSelf()).anyMatch(READS_THE_SYSTEM_CLOCK);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        noFields().should().beAnnotatedWith(Inject.class).check(CLASSES);
        noFields()
                .should()
                .beAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty")
                .check(CLASSES);
    }

    @Test
    void noClassIsCalledUtilHelperManagerImplOrDto() {
        assertThat(CLASSES)
                .extracting(JavaClass::getSimpleName)
                .noneMatch(name -> FORBIDDEN_NAMES.matcher(name).matches());
    }

    @Test
    void everyRoomHasASignAndIsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        CLASSES.forEach(type -> {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                unmarked.add(type.getPackageName());
            }
        });
        assertThat(unmarked).isEmpty();
    }

    @Test
    void onlyTheDoorsKnowKafka() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".intake", ROOT + ".dispatch", ROOT + ".lifecycle")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCallerOfProvidersSpeaksHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".provider..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "java.net.http..")
                .check(CLASSES);
    }
}
