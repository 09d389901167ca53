package dev.longshore.simulator.tongue;

/// How an answer finishes. Each tongue has its own words for it.
public enum Finish {
    /// The model has said what it had to say.
    DONE,
    /// The caller wanted no more than this.
    LENGTH,
    /// The model wants a tool to be called.
    TOOL,
    /// The model declines, in words.
    DECLINED,
    /// A filter kept the answer back.
    WITHHELD,
    /// A success without an answer in it.
    NOTHING,
    /// The work was begun and failed.
    FAILED
}
