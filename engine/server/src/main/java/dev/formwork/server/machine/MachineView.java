package dev.formwork.server.machine;

import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.machine.BootClaim;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.machine.Pooled;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `Machine` of the API.
record MachineView(
        String id,
        String name,
        Optional<String> cluster,
        Optional<String> group,
        Optional<Integer> ordinal,
        Optional<Boolean> standing,
        Optional<String> provider,
        Optional<String> instance,
        String state,
        int incarnation,
        Optional<String> address,
        Value.Struct facts,
        boolean registered,
        Optional<String> bootId,
        Optional<Instant> lastSeen,
        Optional<Hardware> hardware,
        Optional<String> disk,
        Optional<String> pool,
        List<Held> held) {
    /// A boot that says it is this machine and waits for a person.
    record Held(String code, Instant at) {
        static Held of(BootClaim claim) {
            return new Held(claim.code(), claim.at());
        }
    }

    /// @param called the agent's last call, where it is newer than the record's
    static MachineView of(Machine machine, Optional<Instant> called) {
        Optional<Machine.Placement> placement = machine.placement();
        return new MachineView(
                machine.id().value(),
                machine.name(),
                placement.map(Machine.Placement::cluster),
                placement.map(Machine.Placement::group),
                placement.map(Machine.Placement::ordinal),
                placement.map(Machine.Placement::standing),
                machine.provider(),
                machine.instance(),
                machine.state().name().toLowerCase(Locale.ROOT),
                machine.incarnation(),
                machine.address(),
                machine.facts(),
                machine.credentialHash().isPresent(),
                machine.bootId(),
                called.or(machine::lastSeen),
                Optional.of(machine.boot().hardware()).filter(it -> !it.equals(Hardware.NONE)),
                Optional.of(machine.boot().disk())
                        .filter(disk -> disk != NetworkBoot.Disk.UNTOUCHED)
                        .map(disk -> disk.name().toLowerCase(Locale.ROOT)),
                machine.pooled().map(Pooled::pool),
                held(machine));
    }

    /// Of a machine that nobody knew it is the boot that registered.
    private static List<Held> held(Machine machine) {
        List<BootClaim> claims =
                machine.boot().admitted() ? machine.boot().held() : machine.boot().claims();
        return claims.stream().map(Held::of).toList();
    }
}
