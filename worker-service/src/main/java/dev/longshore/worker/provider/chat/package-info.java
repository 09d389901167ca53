/// The normal form of a chat, for dialects whose own form is another: its fields and messages read, and what a
/// model said written down as its completion.
@NullMarked
package dev.longshore.worker.provider.chat;

import org.jspecify.annotations.NullMarked;
