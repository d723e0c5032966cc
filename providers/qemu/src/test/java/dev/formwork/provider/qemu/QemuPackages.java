package dev.formwork.provider.qemu;

import dev.formwork.testkit.Needs;

import java.nio.file.Files;
import java.nio.file.Path;

/// QEMU and the firmware of its machines, as [Needs] sees to it.
final class QemuPackages {
    private QemuPackages() {}

    static void need() {
        Needs.programs(QemuCommand.PROGRAM);
        Needs.that(
                Files.isReadable(Path.of("/usr/lib/ipxe/qemu/efi-virtio.rom"))
                        || Files.isReadable(Path.of("/usr/share/qemu/efi-virtio.rom"))
                        || Files.isReadable(Path.of("/usr/share/ipxe/qemu/efi-virtio.rom")),
                "QEMU has no network boot: apt-get install ipxe-qemu");
    }

    static void needUefi() {
        Needs.files("/usr/share/OVMF/OVMF_CODE_4M.fd");
    }
}
