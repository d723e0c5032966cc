package dev.formwork.provider;

/// A piece of firmware of a machine.
///
/// @param id what the place calls it; unique in one machine
/// @param name for people, such as `BMC firmware`
/// @param version as the place says it; may be empty
/// @param isUpdateable whether [FirmwareControl#update] may replace it
public record FirmwareComponent(String id, String name, String version, boolean isUpdateable) {}
