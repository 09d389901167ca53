/// A job as its owner sees it, now and at every step of its life.
@NullMarked
package dev.longshore.view;

import org.jspecify.annotations.NullMarked;
