package dev.longshore.rig.proof;

/// What a receiver is there for.
public enum Role {
    /// It is well from the beginning to the end.
    ALWAYS_WELL,
    /// It misbehaves at times, and is well at the end.
    AT_TIMES_UNWELL,
    /// It may say that it is gone, and then is.
    GONE_FOR_GOOD,
    /// Nobody was told of it: only who follows a redirect comes there, or a name whose meaning was not checked.
    ELSEWHERE
}
