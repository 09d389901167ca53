/// One call to a customer's address: how it is signed, when it is repeated, which addresses it may go to, and how it
/// ends.
@NullMarked
package dev.longshore.webhook;

import org.jspecify.annotations.NullMarked;
