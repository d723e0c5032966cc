package dev.formwork.provider;

import java.util.Optional;

/// From what a machine boots.
///
/// @param always where it looks first; the other one comes after it, where the machine has it
/// @param once what comes first instead, the next time
public record BootSetting(BootDevice always, Optional<BootDevice> once) {}
