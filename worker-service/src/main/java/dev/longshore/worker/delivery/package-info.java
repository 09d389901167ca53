/// Sends what is owed to webhooks: each receiver by itself, however many others are slow or gone.
@NullMarked
package dev.longshore.worker.delivery;

import org.jspecify.annotations.NullMarked;
