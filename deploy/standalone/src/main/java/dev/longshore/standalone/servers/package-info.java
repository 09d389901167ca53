/// The real PostgreSQL and the real Kafka broker, run from what Maven brings: no container engine, nothing to install.
/// Each takes a data folder and a port, survives `kill -9`, and listens on the loopback address only.
@NullMarked
package dev.longshore.standalone.servers;

import org.jspecify.annotations.NullMarked;
