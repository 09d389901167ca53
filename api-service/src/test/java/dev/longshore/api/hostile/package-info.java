/// What hostile callers may send, over every route that there is: always the contract's error, never a
/// failure of ours, and nothing that stays behind.
package dev.longshore.api.hostile;
