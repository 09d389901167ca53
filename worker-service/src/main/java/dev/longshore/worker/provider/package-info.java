/// The contract for calling a provider, and the HTTP exchange that every dialect is built on.
@NullMarked
package dev.longshore.worker.provider;

import org.jspecify.annotations.NullMarked;
