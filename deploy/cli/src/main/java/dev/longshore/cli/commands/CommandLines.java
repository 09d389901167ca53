package dev.longshore.cli.commands;

import dev.longshore.cli.server.NotReached;
import dev.longshore.cli.server.Refused;
import dev.longshore.cli.show.OutputClosed;
import dev.longshore.cli.show.Paint;
import dev.longshore.cli.surroundings.Surroundings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// All commands together, and what happens to whatever goes wrong in them.
public final class CommandLines {
    private final Surroundings surroundings;
    private final Session session;
    private final CommandLine line;

    private CommandLines(Surroundings surroundings, String version) {
        this.surroundings = surroundings;
        Globals globals = new Globals();
        session = new Session(surroundings, globals);
        CommandLine deadLetters = new CommandLine(new DeadLetters(session))
                .addSubcommand(new ReplayDeadLetters(session))
                .addSubcommand(new DiscardDeadLetters(session));
        CommandLine webhooks = new CommandLine(new Webhooks())
                .addSubcommand(new Listen(session))
                .addSubcommand(new ListEndpoints(session))
                .addSubcommand(new ListDeliveries(session))
                .addSubcommand(new Redeliver(session))
                .addSubcommand(new RemoveEndpoint(session));
        line = new CommandLine(globals)
                .addSubcommand(new Submit(session))
                .addSubcommand(new WatchJob(session))
                .addSubcommand(new GetJob(session))
                .addSubcommand(new CancelJob(session))
                .addSubcommand(new ListJobs(session))
                .addSubcommand(new ListAttempts(session))
                .addSubcommand(new ShowTimeline(session))
                .addSubcommand(deadLetters)
                .addSubcommand(new ListModels(session))
                .addSubcommand(webhooks);
        line.getCommandSpec().version("longshore " + version);
        dress(line, ExitStatus.all());
    }

    /// Does what the words say.
    ///
    /// @param version what `--version` tells
    /// @return the exit status
    public static int run(Surroundings surroundings, String version, String... words) {
        CommandLines commands = new CommandLines(surroundings, version);
        try (var _ = commands.session) {
            boolean noColor = List.of(words).contains("--no-color");
            commands.line
                    .setColorScheme(CommandLine.Help.defaultColorScheme(
                            Session.paint(surroundings, noColor) == Paint.COLOUR ? Ansi.ON : Ansi.OFF))
                    .setOut(new PrintWriter(surroundings.out(), true))
                    .setErr(new PrintWriter(surroundings.err(), true))
                    // A prompt may begin with an @, and is no file then.
                    .setExpandAtFiles(false)
                    .setUsageHelpAutoWidth(false)
                    .setUsageHelpWidth(Math.clamp(surroundings.terminal().columns(), 80, 120))
                    .setParameterExceptionHandler((wrong, _) -> commands.misused(wrong))
                    .setExecutionExceptionHandler((failure, command, _) -> commands.failed(failure, command));
            return commands.line.execute(words);
        }
    }

    /// What every command has: help, and what its exit status means.
    private static void dress(CommandLine command, Map<String, String> statuses) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        if (command.getParent() == null) {
            command.getCommandSpec()
                    .addOption(OptionSpec.builder("-V", "--version")
                            .versionHelp(true)
                            .description("Show the version.")
                            .build());
        }
        command.getCommandSpec()
                .usageMessage()
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .descriptionHeading("%n")
                .parameterListHeading("%n")
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n")
                .exitCodeListHeading("%nExit status:%n")
                .exitCodeList(statuses);
        command.getSubcommands().values().forEach(subcommand -> dress(subcommand, statuses));
    }

    private int misused(ParameterException wrong) {
        complain(String.valueOf(wrong.getMessage()));
        StringWriter meant = new StringWriter();
        if (UnmatchedArgumentException.printSuggestions(wrong, new PrintWriter(meant, true))) {
            complain(meant.toString().strip());
        }
        complain("try: " + surroundings.program() + path(wrong.getCommandLine()) + " --help");
        return ExitStatus.USAGE.code();
    }

    private int failed(Exception failure, CommandLine command) {
        return switch (failure) {
            case Misuse misuse -> misused(new ParameterException(command, misuse.getMessage()));
            case Refused refused -> {
                if (session.json() && refused.fault().error() != null) {
                    complain(refused.fault().text());
                } else {
                    List<String> lines = Complaint.lines(refused.fault(), session.keyHint());
                    complain(session.voice().paint().bad("refused: ") + lines.getFirst());
                    lines.stream().skip(1).forEach(this::complain);
                }
                yield (refused.fault().isOurs() ? ExitStatus.REFUSED : ExitStatus.NOT_REACHED).code();
            }
            case NotReached away -> {
                complain(session.voice().paint().bad("not reached: ") + away.why());
                complain("  is it running? --base-url or LONGSHORE_URL says where to look");
                yield ExitStatus.NOT_REACHED.code();
            }
            case OutputClosed _ -> ExitStatus.OUTPUT_CLOSED.code();
            case InterruptedException _ -> {
                Thread.currentThread().interrupt();
                yield ExitStatus.INTERRUPTED.code();
            }
            default -> {
                complain("this program has failed; that is a mistake in it:");
                failure.printStackTrace(surroundings.err());
                yield ExitStatus.BROKEN.code();
            }
        };
    }

    private void complain(String text) {
        session.voice().complain(text);
    }

    /// The words that lead to a command, each after a blank.
    private static String path(CommandLine command) {
        return command.getParent() == null ? "" : path(command.getParent()) + " " + command.getCommandName();
    }
}
