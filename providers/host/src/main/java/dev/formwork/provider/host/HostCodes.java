package dev.formwork.provider.host;

/// The codes that a provider has of its own for what can go wrong here.
///
/// @param type the provider's, for the messages
public record HostCodes(
        String type, String damagedRecord, String missingProgram, String needsLinux) {}
