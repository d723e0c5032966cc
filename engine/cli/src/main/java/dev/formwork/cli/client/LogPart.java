package dev.formwork.cli.client;

import java.util.Optional;

/// Bytes of a log.
///
/// @param next where to read on
/// @param complete nothing follows
/// @param job whose log it is; empty where the node has had none
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LogPart(byte[] bytes, long next, boolean complete, Optional<String> job) {}
