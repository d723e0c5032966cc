package dev.formwork.store.backup;

import java.time.Instant;

/// What a backup says of itself.
///
/// @param schema version of the tables
/// @param keyId of the key that its secrets are sealed under; the key itself is not in it
/// @param engine whose it is
/// @param epoch of the engine, when it was made
public record BackupHeader(String schema, String keyId, String engine, long epoch, Instant at) {}
