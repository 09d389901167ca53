/// The real servers that tests run against: containers where a Docker engine answers, otherwise PostgreSQL and
/// Kafka as plain processes out of `deploy/standalone`. Either way they are fresh, on free ports, and gone
/// afterwards.
@NullMarked
package dev.longshore.testing;

import org.jspecify.annotations.NullMarked;
