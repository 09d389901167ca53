/// Webhooks as tenants see them: endpoints, their secrets, and what became of every notice.
@NullMarked
package dev.longshore.api.webhooks;

import org.jspecify.annotations.NullMarked;
