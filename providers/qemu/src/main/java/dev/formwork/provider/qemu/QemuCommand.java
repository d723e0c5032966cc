package dev.formwork.provider.qemu;

import dev.formwork.model.MachineId;
import dev.formwork.provider.BootDevice;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How QEMU is called for a machine: a pure function of what the machine is. Its paths are from the
/// machine's directory, in which it starts.
///
/// @param config how machines are connected
/// @param accelerator what runs them
/// @param multicast where the segment is
/// @param bootUrl where a machine boots from, as this host sees it
record QemuCommand(
        QemuConfig config, Accelerator accelerator, String multicast, Optional<URI> bootUrl) {
    static final String PROGRAM = "qemu-system-x86_64";
    static final String PID_FILE = "qemu.pid";
    static final String VARIABLES = "uefi-variables";

    /// What QEMU's user-mode network calls the host (its `-netdev user`).
    private static final String HOST = "10.0.2.2";

    /// A machine that found nothing to boot tries again after so many milliseconds.
    private static final int TRY_AGAIN = 10_000;

    static String disk(int number) {
        return "disk-%d.raw".formatted(number);
    }

    /// @param name the machine's
    /// @param first what it looks at first
    /// @param firmware for UEFI
    List<String> arguments(
            MachineId machine,
            String name,
            VirtualHardware hardware,
            BootDevice first,
            Optional<Firmware> firmware) {
        MachineSpec spec = hardware.spec();
        List<String> command = new ArrayList<>();
        if (config.network() instanceof Network.Bridge(_, Optional<String> netns)
                && netns.isPresent()) {
            command.addAll(List.of("ip", "netns", "exec", netns.get()));
        }
        command.addAll(List.of(PROGRAM, "-daemonize", "-pidfile", PID_FILE));
        command.addAll(List.of("-name", "guest=" + name));
        command.addAll(List.of("-uuid", hardware.uuid()));
        command.addAll(List.of("-smbios", "type=1,serial=" + hardware.serial()));
        command.addAll(List.of("-no-user-config", "-nodefaults", "-display", "none"));
        command.addAll(List.of("-machine", "q35,graphics=off"));
        command.addAll(accelerator.arguments());
        command.addAll(List.of("-m", spec.memory() + "M", "-smp", Integer.toString(spec.cpus())));
        command.addAll(List.of("-rtc", "base=utc"));
        command.addAll(List.of("-device", "virtio-rng-pci"));
        command.addAll(List.of("-boot", "strict=on,reboot-timeout=" + TRY_AGAIN));
        command.addAll(List.of("-chardev", "file,id=console,path=console.pipe"));
        command.addAll(List.of("-serial", "chardev:console"));
        command.addAll(
                List.of("-qmp", "unix:" + QemuSocket.relative(machine) + ",server=on,wait=off"));
        firmware.ifPresent(uefi -> command.addAll(flash(uefi)));
        List<String> order = BootOrder.of(first, spec.disks().size());
        for (int i = 0; i < spec.disks().size(); i++) {
            command.add("-drive");
            command.add("if=none,id=disk%d,format=raw,discard=unmap,file=%s".formatted(i, disk(i)));
            command.add("-device");
            command.add(
                    "virtio-blk-pci,id=%s,drive=disk%d,bootindex=%d"
                            .formatted(BootOrder.disk(i), i, order.indexOf(BootOrder.disk(i))));
        }
        command.addAll(cards(hardware, order, machine));
        return command;
    }

    private static List<String> flash(Firmware uefi) {
        return List.of(
                "-drive",
                "if=pflash,format=raw,unit=0,readonly=on,file=" + escaped(uefi.code()),
                "-drive",
                "if=pflash,format=raw,unit=1,file=" + VARIABLES);
    }

    private List<String> cards(VirtualHardware hardware, List<String> order, MachineId machine) {
        String first =
                "virtio-net-pci,id=%s,netdev=net0,mac=%s,bootindex=%d"
                        .formatted(
                                BootOrder.CARD, hardware.bootMac(), order.indexOf(BootOrder.CARD));
        List<String> cards = new ArrayList<>();
        switch (config.network()) {
            case Network.User _ -> {
                String boot =
                        bootUrl.map(url -> ",bootfile=" + escaped(inside(url).toString()))
                                .orElse("");
                cards.addAll(List.of("-netdev", "user,id=net0" + boot, "-device", first));
                if (hardware.card() != null) {
                    cards.add("-netdev");
                    cards.add("socket,id=net1,localaddr=127.0.0.1,mcast=" + multicast);
                    cards.add("-device");
                    cards.add(
                            "virtio-net-pci,id=card1,netdev=net1,romfile=,mac="
                                    + hardware.segmentMac());
                }
            }
            case Network.Bridge _ -> {
                // The firmware's own network boot, as on hardware; QEMU's iPXE would come first.
                String rom =
                        switch (hardware.spec().firmware()) {
                            case BIOS -> "";
                            case UEFI -> ",romfile=";
                        };
                cards.add("-netdev");
                cards.add(
                        "tap,id=net0,script=no,downscript=no,ifname="
                                + Taps.name(config.directory(), machine));
                cards.addAll(List.of("-device", first + rom));
            }
        }
        return cards;
    }

    /// A URL of this host as a machine behind the user-mode network sees it.
    static URI inside(URI url) {
        String host = url.getHost();
        if (host == null
                || !(host.equals("localhost")
                        || host.equals("0.0.0.0")
                        || host.equals("[::1]")
                        || host.matches("127([.][0-9]{1,3}){3}"))) {
            return url;
        }
        return URI.create(url.toString().replaceFirst("//(\\[::1\\]|[^/:?#]*)", "//" + HOST));
    }

    /// A comma ends an option's value, unless there are two.
    private static String escaped(Object value) {
        return value.toString().replace(",", ",,");
    }
}
