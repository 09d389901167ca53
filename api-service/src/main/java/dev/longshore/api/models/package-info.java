/// The models resource: what callers may ask for, what it costs, and how long it stays.
@NullMarked
package dev.longshore.api.models;

import org.jspecify.annotations.NullMarked;
