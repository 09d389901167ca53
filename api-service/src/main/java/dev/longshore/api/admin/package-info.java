/// What operators see and order: tenants and their keys, providers, workers.
@NullMarked
package dev.longshore.api.admin;

import org.jspecify.annotations.NullMarked;
