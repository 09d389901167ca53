/// Tests of the dialect that the operator describes.
@NullMarked
package dev.longshore.worker.provider.http;

import org.jspecify.annotations.NullMarked;
