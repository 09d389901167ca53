package dev.longshore;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The rules of the house that a compiler does not know.
class ArchitectureTest {
    private static final JavaClasses COMMON = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> location.contains("/common/target/classes/"))
            .importPackages("dev.longshore");

    /// The room of the job, and the one class that generates jobs by the million to be measured among them.
    private static final List<String> MAY_WRITE_JOB_TABLES = List.of(
            "common/src/main/java/dev/longshore/job/",
            "deploy/bench/src/main/java/dev/longshore/bench/stack/Rows.java");

    private static final Pattern WRITES_JOB_TABLES = Pattern.compile(
            "\\b(?:INSERT\\s+INTO|UPDATE|DELETE\\s+FROM|TRUNCATE(?:\\s+TABLE)?|MERGE\\s+INTO)\\s+(?:ONLY\\s+)?"
                    + "(job|job_run|job_outcome|attempt|job_note|usage_total)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern FORBIDDEN_NAMES = Pattern.compile(".*(?:Util|Utils|Helper|Manager|Impl|DTO|Dto)");

    @Test
    void commonDependsOnTheJdkAndAnnotationsOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.sql..",
                        "dev.longshore..",
                        "org.jspecify.annotations..",
                        "com.fasterxml.jackson.annotation..")
                .check(COMMON);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("dev.longshore.(*)..").should().beFreeOfCycles().check(COMMON);
    }

    @Test
    void nobodyReadsTheSystemClock() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(OffsetDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .check(COMMON);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        fields().should().notBeAnnotatedWith("jakarta.inject.Inject").check(COMMON);
    }

    @Test
    void everyRoomHasASignAndIsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        COMMON.forEach(type -> {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                unmarked.add(type.getPackageName());
            }
        });
        assertThat(unmarked).isEmpty();
    }

    @Test
    void onlyTheRoomOfTheJobWritesJobTables() {
        List<String> writers = new ArrayList<>();
        for (Path source : mainSources()) {
            if (MAY_WRITE_JOB_TABLES.stream().noneMatch(source.toString().replace('\\', '/')::contains)
                    && WRITES_JOB_TABLES.matcher(read(source)).find()) {
                writers.add(checkout().relativize(source).toString());
            }
        }
        assertThat(writers).isEmpty();
    }

    @Test
    void theSearchForWritersFindsWriters() {
        assertThat(mainSources())
                .filteredOn(source -> WRITES_JOB_TABLES.matcher(read(source)).find())
                .extracting(source -> source.getFileName().toString())
                .contains(
                        "Accepting.java",
                        "Claiming.java",
                        "Settling.java",
                        "Feeding.java",
                        "Waking.java",
                        "Ordering.java");
    }

    @Test
    void noClassIsCalledUtilHelperManagerImplOrDto() {
        assertThat(mainSources())
                .extracting(source -> source.getFileName().toString().replace(".java", ""))
                .filteredOn(name -> FORBIDDEN_NAMES.matcher(name).matches())
                .isEmpty();
    }

    @Test
    void everyPackageOfTheCheckoutHasASign() {
        Set<String> unsigned = new TreeSet<>();
        for (Path source : mainSources()) {
            Path sign = source.resolveSibling("package-info.java");
            if (!Files.exists(sign)
                    || !read(sign).contains("@NullMarked")
                    || !read(sign).startsWith("///")) {
                unsigned.add(checkout().relativize(source.getParent()).toString());
            }
        }
        assertThat(unsigned).isEmpty();
    }

    private static List<Path> mainSources() {
        try (Stream<Path> files = Files.walk(checkout())) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().replace('\\', '/').contains("/src/main/java/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path checkout() {
        return Path.of(System.getProperty("longshore.home", ".."));
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
