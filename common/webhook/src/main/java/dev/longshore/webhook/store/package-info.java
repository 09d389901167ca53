/// What the database keeps for signing calls.
@NullMarked
package dev.longshore.webhook.store;

import org.jspecify.annotations.NullMarked;
