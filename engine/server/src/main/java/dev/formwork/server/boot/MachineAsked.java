package dev.formwork.server.boot;

import dev.formwork.boot.script.MachineIdentity;
import dev.formwork.model.ProblemException;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.value.Value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a boot server tells the engine of a machine that asks: `BootingMachine` of the API. All of
/// it is the machine's word.
///
/// @param nonce that this boot made up for itself, where it asks for its token: 32 hex digits
/// @param server where it has reached its boot server, where it asks what to boot: host and port
record MachineAsked(
        List<String> macs,
        Optional<String> uuid,
        Optional<String> serial,
        Optional<String> cloudId,
        Optional<String> asset,
        Optional<String> manufacturer,
        Optional<String> product,
        Optional<String> architecture,
        boolean uefi,
        Optional<String> nonce,
        Optional<String> server) {
    static MachineAsked of(
            MachineIdentity machine, Optional<String> nonce, Optional<String> server) {
        Hardware hardware = machine.hardware();
        return new MachineAsked(
                hardware.macs(),
                hardware.uuid(),
                hardware.serial(),
                hardware.cloudId(),
                text(machine.asset()),
                text(machine.manufacturer()),
                text(machine.product()),
                text(machine.architecture()),
                machine.isUefi(),
                nonce,
                server);
    }

    private static Optional<String> text(String hostile) {
        return Optional.of(hostile.replaceAll("[^ -~]", "?").strip()).filter(it -> !it.isEmpty());
    }

    /// @throws ProblemException `request.malformed`
    Hardware hardware() {
        try {
            return new Hardware(macs, uuid, serial, cloudId);
        } catch (IllegalArgumentException e) {
            throw ProblemException.of("request.malformed", String.valueOf(e.getMessage()), null);
        }
    }

    /// As facts of a machine that has reported none yet.
    Value.Struct description() {
        Map<String, Value> system = new LinkedHashMap<>();
        manufacturer.ifPresent(it -> system.put("manufacturer", Value.of(it)));
        product.ifPresent(it -> system.put("product", Value.of(it)));
        serial.ifPresent(it -> system.put("serial", Value.of(it)));
        asset.ifPresent(it -> system.put("asset", Value.of(it)));
        uuid.ifPresent(it -> system.put("uuid", Value.of(it)));
        system.put("firmware", Value.of(uefi ? "uefi" : "bios"));
        return Value.of(Map.of("system", Value.of(system)));
    }
}
