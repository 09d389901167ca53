/// The lanes, their topics, and the ticket that travels on them. Plain values: no Kafka client lives here.
@NullMarked
package dev.longshore.lane;

import org.jspecify.annotations.NullMarked;
