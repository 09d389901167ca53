/// A receiver of webhooks for whoever writes one: it verifies, shows and passes on.
@NullMarked
package dev.longshore.cli.listen;

import org.jspecify.annotations.NullMarked;
