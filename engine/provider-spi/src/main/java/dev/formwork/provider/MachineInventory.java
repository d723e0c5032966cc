package dev.formwork.provider;

import java.util.List;
import java.util.Optional;

/// What a machine is made of.
///
/// @param system the machine as a whole: its kind is `system`
/// @param parts in the order in which the place names them
/// @param firmware of the machine and its parts
public record MachineInventory(Part system, List<Part> parts, List<Firmware> firmware) {
    public MachineInventory {
        parts = List.copyOf(parts);
        firmware = List.copyOf(firmware);
    }

    /// One part. Texts are what the place says, without the blanks around.
    ///
    /// @param kind in lower case: `system`, `board`, `chassis`, `processor`, `memory`, `disk`,
    ///   `network`, `power-supply`, `controller`, or a word of the place's own
    /// @param name what the place calls it, such as `DIMM_A1`
    /// @param serial its serial number
    public record Part(
            String kind,
            String name,
            Optional<String> manufacturer,
            Optional<String> model,
            Optional<String> partNumber,
            Optional<String> serial) {}

    /// What runs in one part.
    ///
    /// @param name what it is of, such as `BMC` or `BIOS`
    public record Firmware(String name, String version) {}
}
