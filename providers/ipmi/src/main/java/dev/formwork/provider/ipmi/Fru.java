package dev.formwork.provider.ipmi;

import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.MachineInventory.Firmware;
import dev.formwork.provider.MachineInventory.Part;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `fru print` says of a node: the areas of its field replaceable unit 0 (IPMI Platform
/// Management FRU Information Storage Definition, 1.0).
final class Fru {
    private final Fields fields;

    private Fru(Fields fields) {
        this.fields = fields;
    }

    static Fru parse(String said) {
        return new Fru(Fields.parse(said));
    }

    MachineInventory inventory(ControllerInfo controller) {
        Part system =
                new Part(
                        "system",
                        fields.first("Product Asset Tag").orElse(""),
                        fields.first("Product Manufacturer"),
                        fields.first("Product Name"),
                        fields.first("Product Part Number"),
                        fields.first("Product Serial"));
        List<Part> parts = new ArrayList<>();
        if (fields.first("Board Product", "Board Serial", "Board Part Number").isPresent()) {
            parts.add(
                    new Part(
                            "board",
                            "board",
                            fields.first("Board Mfg"),
                            fields.first("Board Product"),
                            fields.first("Board Part Number"),
                            fields.first("Board Serial")));
        }
        if (fields.first("Chassis Serial", "Chassis Part Number").isPresent()) {
            parts.add(
                    new Part(
                            "chassis",
                            "chassis",
                            Optional.empty(),
                            fields.first("Chassis Type"),
                            fields.first("Chassis Part Number"),
                            fields.first("Chassis Serial")));
        }
        parts.add(
                new Part(
                        "controller",
                        "BMC",
                        controller.manufacturerName(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        return new MachineInventory(
                system,
                parts,
                controller.firmware().map(version -> new Firmware("BMC", version)).stream()
                        .toList());
    }
}
