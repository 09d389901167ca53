/// What operators order: tenants and their keys.
@NullMarked
package dev.longshore.api.admin;

import org.jspecify.annotations.NullMarked;
