/// The whole platform from one command: PostgreSQL, Kafka, a simulated provider and both services as child
/// processes of one small supervisor, their data in one folder.
@NullMarked
package dev.longshore.standalone;

import org.jspecify.annotations.NullMarked;
