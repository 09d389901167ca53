package dev.longshore.cli.events;

/// One event as it came over the wire.
///
/// @param id its number; empty when it has none
/// @param name what kind of event it is
/// @param data its text, lines joined by line feeds
public record Frame(String id, String name, String data) {}
