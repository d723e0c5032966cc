package dev.formwork.provider.qemu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// What a test needs of its host. Where that is missing the test is skipped and says why; where
/// `FORMWORK_REQUIRE_IT` is `true`, as in `.ci/run`, it fails.
final class Needs {
    private Needs() {}

    static void qemu() {
        String path = System.getenv("PATH");
        need(
                path != null
                        && Arrays.stream(path.split(":", -1))
                                .anyMatch(folder ->
                                        Files.isExecutable(Path.of(folder, QemuCommand.PROGRAM))),
                "there is no " + QemuCommand.PROGRAM + ": apt-get install qemu-system-x86");
        need(
                Files.isReadable(Path.of("/usr/lib/ipxe/qemu/efi-virtio.rom"))
                        || Files.isReadable(Path.of("/usr/share/qemu/efi-virtio.rom"))
                        || Files.isReadable(Path.of("/usr/share/ipxe/qemu/efi-virtio.rom")),
                "QEMU has no network boot: apt-get install ipxe-qemu");
    }

    static void uefi() {
        need(
                Files.isReadable(Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd")),
                "there is no UEFI firmware: apt-get install ovmf");
    }

    static void root() {
        need("root".equals(System.getProperty("user.name")), "only root may make namespaces");
    }

    private static void need(boolean is, String otherwise) {
        if (Boolean.parseBoolean(System.getenv("FORMWORK_REQUIRE_IT"))) {
            if (!is) {
                throw new AssertionError(otherwise);
            }
        } else {
            assumeTrue(is, otherwise);
        }
    }
}
