package dev.longshore.cli.commands;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// What may stand with every command, and the command line without any.
@Command(
        name = "longshore",
        description = "Sends work to a Longshore server, and tells what becomes of it.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  longshore submit --model sim-small --watch \"Why is the sky blue?\"",
            "  longshore list --status failed",
            "",
            "Environment: LONGSHORE_URL, LONGSHORE_API_KEY, LONGSHORE_MODEL, NO_COLOR."
        })
final class Globals {
    @Option(
            names = "--base-url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = {"Where the server is.", "Default: $LONGSHORE_URL, or http://127.0.0.1:8080."})
    @Nullable
    String baseUrl;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            scope = ScopeType.INHERIT,
            description =
                    "The key to call it with. Default: $LONGSHORE_API_KEY, which other users of the machine do not see; for a"
                            + " server on this machine also that of the stack that runs from this checkout.")
    @Nullable
    String apiKey;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print what the server sends, one JSON object a line.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Print what was asked for and nothing else: results, or ids where there is a list.")
    boolean quiet;

    @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "Print no colours.")
    boolean noColor;
}
