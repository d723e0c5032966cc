package dev.formwork.server.module;

import dev.formwork.model.module.Pack;

/// A pack under the digest of its files.
///
/// @param builtIn every plan uses it
public record StoredPack(String digest, Pack pack, boolean builtIn) {}
