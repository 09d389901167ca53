import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Counts the tests in Maven's reports: `java Tally.java FOLDER STATUS`, where the status is Maven's own.
///
/// The last line is `N passed, N failed`. Exits with 0 only if Maven did and no test failed and there was one.
final class Tally {
    private static final Pattern SUITE = Pattern.compile("<testsuite [^>]*>");

    public static void main(String[] args) throws IOException {
        int status = Integer.parseInt(args[1]);
        int tests = 0;
        int failed = 0;
        int skipped = 0;
        for (Path report : reports(Path.of(args[0]))) {
            var suite = SUITE.matcher(Files.readString(report));
            if (!suite.find()) continue;
            tests += count(suite.group(), "tests");
            failed += count(suite.group(), "failures") + count(suite.group(), "errors");
            skipped += count(suite.group(), "skipped");
        }
        // Maven may leave colour codes on an unfinished line.
        System.out.println();
        if (skipped > 0) System.out.println(skipped + " skipped");
        if (failed == 0 && (status != 0 || tests == 0)) {
            System.out.println("the build broke outside of the tests, which counts as one failure");
            failed = 1;
        }
        System.out.println(Math.max(0, tests - failed - skipped) + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : Math.max(1, status));
    }

    private static List<Path> reports(Path folder) throws IOException {
        var found = new ArrayList<Path>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                // Hidden folders hold running data and history, and change while we look.
                boolean hidden = !visited.equals(folder) && visited.getFileName().toString().startsWith(".");
                return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                boolean report = file.getParent().endsWith("target/surefire-reports");
                if (report && file.getFileName().toString().matches("TEST-.*\\.xml")) found.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static int count(String suite, String attribute) {
        var value = Pattern.compile(" " + attribute + "=\"(\\d+)\"").matcher(suite);
        return value.find() ? Integer.parseInt(value.group(1)) : 0;
    }
}
