/// How jobs and lists of them are answered.
@NullMarked
package dev.longshore.api.view;

import org.jspecify.annotations.NullMarked;
