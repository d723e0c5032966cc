package dev.formwork.model.module;

/// Modules and profiles that are shipped and versioned together.
///
/// @param name a DNS label
/// @param version semantic version (semver.org)
/// @param summary one sentence for people; may be empty
/// @param catalog what is in it
public record Pack(String name, String version, String summary, Catalog catalog) {}
