/// The one door to Kafka: sends tickets, makes the topics, and tells how full a lane is and how far it
/// has been read. Plain Kafka clients, no framework; what may be lost on the road is decided in the room
/// of the job, not here.
@NullMarked
package dev.longshore.road;

import org.jspecify.annotations.NullMarked;
