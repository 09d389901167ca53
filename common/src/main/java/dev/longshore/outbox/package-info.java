/// What has happened to jobs and has yet to be told to the outside.
@NullMarked
package dev.longshore.outbox;

import org.jspecify.annotations.NullMarked;
