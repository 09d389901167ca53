/// Tests of the command line: commands typed at a desk, against a server that keeps to the contract.
@NullMarked
package dev.longshore.cli;

import org.jspecify.annotations.NullMarked;
