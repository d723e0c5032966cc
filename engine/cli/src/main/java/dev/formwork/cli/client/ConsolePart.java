package dev.formwork.cli.client;

/// Bytes of what a machine printed.
///
/// @param next where to read on
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ConsolePart(byte[] bytes, long next) {}
