package dev.longshore.rig.chaos;

import dev.longshore.rig.proof.Violation;
import dev.longshore.standalone.arguments.Arguments;
import dev.longshore.standalone.servers.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// Breaks a whole system under load by a schedule that a seed repeats, and says whether it kept its promises.
public final class Chaos {
    private static final int EX_USAGE = 64;
    private static final int EX_SOFTWARE = 70;

    private Chaos() {}

    /// See [Options#HELP]. Ends with status 0 when every promise was kept, 1 when one was broken, 64
    /// when the words are not understood, 70 when the run could not be made.
    public static void main(String[] words) throws Exception {
        if (List.of(words).contains("--help")) {
            System.out.print(Options.HELP);
            return;
        }
        Options options;
        try {
            options = Options.of(words);
        } catch (Arguments.Refused e) {
            System.err.println("chaos: " + e.getMessage());
            System.err.print(Options.HELP);
            System.exit(EX_USAGE);
            return;
        }
        Path folder = options.keep().orElse(null);
        boolean temporary = folder == null;
        if (folder == null) {
            folder = Files.createTempDirectory("longshore-chaos-");
        }
        List<Violation> violations;
        try {
            violations = new ChaosRun(options, folder, InstantSource.system(), System.out)
                    .run()
                    .violations();
        } catch (Exception e) {
            e.printStackTrace();
            System.err.println("chaos: the run could not be made; what it left is in " + folder);
            System.exit(EX_SOFTWARE);
            return;
        }
        if (temporary && violations.isEmpty()) {
            Folders.delete(folder);
        }
        System.exit(violations.isEmpty() ? 0 : 1);
    }
}
