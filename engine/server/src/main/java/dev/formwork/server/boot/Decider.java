package dev.formwork.server.boot;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.script.BootDecider;
import dev.formwork.boot.script.BootEnvironment;
import dev.formwork.boot.script.Decision;
import dev.formwork.boot.script.MachineIdentity;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;

/// Has the engine decide, and says it in what a machine boots.
final class Decider implements BootDecider {
    static final String KERNEL = "kernel";
    static final String INITRD = "initrd";

    private final EngineAsked engine;
    private final List<String> arguments;

    /// @param arguments of the kernel of the container OS, more than those it needs
    Decider(EngineAsked engine, List<String> arguments) {
        this.engine = engine;
        this.arguments = List.copyOf(arguments);
    }

    @Override
    public Decision decide(MachineIdentity machine, String server) {
        BootDesk.Decision decision = engine.decide(machine);
        return switch (decision.boot()) {
            case "container-os" ->
                    new Decision.Environment(
                            new BootEnvironment(
                                    "container-os",
                                    KERNEL,
                                    List.of(INITRD),
                                    arguments(machine, server)));
            case "local-disk" -> new Decision.LocalDisk();
            default ->
                    new Decision.Refuse(
                            decision.code().map(code -> code + ": ").orElse("")
                                    + decision.reason().orElse("nothing to boot"));
        };
    }

    private List<String> arguments(MachineIdentity machine, String server) {
        List<String> all = new ArrayList<>(arguments);
        // The card that it boots by is the one that leads to us.
        machine.macs().stream()
                .findFirst()
                .map(HardwareAddress::toString)
                .ifPresent(mac -> all.add("BOOTIF=01-" + mac.replace(':', '-')));
        all.add("formwork.boot=http://" + server + "/" + ClaimSource.PATH + "?" + query(machine));
        return all;
    }

    /// As [MachineIdentity#parse] reads it. No secret: whoever is on the machine can read it.
    private static String query(MachineIdentity machine) {
        StringJoiner query = new StringJoiner("&");
        machine.macs().forEach(mac -> query.add("mac=" + mac));
        machine.uuid().ifPresent(uuid -> query.add("uuid=" + uuid));
        query.add("platform=" + (machine.isUefi() ? "efi" : "pcbios"));
        add(query, "serial", machine.serial());
        add(query, "asset", brief(machine.asset()));
        add(query, "manufacturer", brief(machine.manufacturer()));
        add(query, "product", brief(machine.product()));
        return query.toString();
    }

    /// A kernel's command line has 2,048 characters, and this is for people.
    private static String brief(String text) {
        return text.substring(0, Math.min(24, text.length()));
    }

    private static void add(StringJoiner query, String name, String hostile) {
        if (!hostile.isEmpty()) {
            byte[] octets = hostile.getBytes(StandardCharsets.ISO_8859_1);
            query.add(name + "=" + HexFormat.ofDelimiter(":").formatHex(octets));
        }
    }
}
