package dev.longshore.cli.commands;

import picocli.CommandLine.Command;

@Command(
        name = "webhooks",
        description = "Receives webhooks on this machine, and shows what the server has sent to whom.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExample:%n",
        footer = "  longshore webhooks listen --register --events job.complete,job.failed")
final class Webhooks {}
