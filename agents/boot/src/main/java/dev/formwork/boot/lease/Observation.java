package dev.formwork.boot.lease;

/// Something about the network that a person wants to know. It has a code as an error has, but
/// nobody asked for anything that failed.
///
/// @param code `dhcp.*`, as docs/errors.md lists them
/// @param subject what it is about; the same thing is said about it once a minute at most
/// @param detail in words
public record Observation(String code, String subject, String detail) {}
