/// Calls to the server: where it is, with which key, and how its refusals read.
@NullMarked
package dev.longshore.cli.server;

import org.jspecify.annotations.NullMarked;
