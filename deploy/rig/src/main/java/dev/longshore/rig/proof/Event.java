package dev.longshore.rig.proof;

/// A change of status as the event topic told it.
///
/// @param tenant the client's number of the tenant
/// @param inPlace whether key and headers say the same as the value
public record Event(int tenant, String job, long number, String type, boolean inPlace) {}
