/// Tests of calls to customers' addresses: signatures, schedule, addresses, and calls to real servers.
@NullMarked
package dev.longshore.webhook;

import org.jspecify.annotations.NullMarked;
