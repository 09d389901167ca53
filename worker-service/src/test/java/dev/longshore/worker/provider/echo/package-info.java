/// The dialect that calls nobody.
@NullMarked
package dev.longshore.worker.provider.echo;

import org.jspecify.annotations.NullMarked;
