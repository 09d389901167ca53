/// Where webhooks may go and what they may tell: the rules for URLs and events that jobs and endpoints share.
@NullMarked
package dev.longshore.api.destinations;

import org.jspecify.annotations.NullMarked;
