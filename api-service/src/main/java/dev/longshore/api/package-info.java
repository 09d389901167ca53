/// Where the API service is put together: the program's first line, every object that is made once, and
/// the chores that run beside the requests.
@NullMarked
package dev.longshore.api;

import org.jspecify.annotations.NullMarked;
