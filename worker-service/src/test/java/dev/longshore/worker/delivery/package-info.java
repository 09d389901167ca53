/// Tests of deliveries to webhooks, with a real database and real receivers.
@NullMarked
package dev.longshore.worker.delivery;

import org.jspecify.annotations.NullMarked;
