/// Prices, costs and how they are written: whole nano-dollars inside, decimals at the edge.
@NullMarked
package dev.longshore.money;

import org.jspecify.annotations.NullMarked;
