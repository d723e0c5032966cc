package dev.formwork.provider.qemu;

import dev.formwork.model.ProblemException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// UEFI firmware for virtual machines (OVMF): its code, and the variables that each machine gets a
/// copy of.
record Firmware(Path code, Path variables) {
    private static final Path SHARED = Path.of("/usr/share");

    /// Debian and Ubuntu, Fedora, Arch, openSUSE.
    private static final List<Firmware> KNOWN =
            List.of(
                    at("OVMF/OVMF_CODE_4M.fd", "OVMF/OVMF_VARS_4M.fd"),
                    at("edk2/ovmf/OVMF_CODE_4M.fd", "edk2/ovmf/OVMF_VARS_4M.fd"),
                    at("edk2/ovmf/OVMF_CODE.fd", "edk2/ovmf/OVMF_VARS.fd"),
                    at("edk2/x64/OVMF_CODE.4m.fd", "edk2/x64/OVMF_VARS.4m.fd"),
                    at("qemu/ovmf-x86_64-code.bin", "qemu/ovmf-x86_64-vars.bin"));

    private static Firmware at(String code, String variables) {
        return new Firmware(SHARED.resolve(code), SHARED.resolve(variables));
    }

    /// @throws ProblemException `qemu.missing-firmware`
    static Firmware uefi() {
        return find(KNOWN);
    }

    static Firmware find(List<Firmware> places) {
        return places.stream()
                .filter(place -> Files.isReadable(place.code()))
                .filter(place -> Files.isReadable(place.variables()))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.of(
                                "qemu.missing-firmware",
                                "there is no UEFI firmware for virtual machines, such as "
                                        + places.getFirst().code(),
                                "install it: apt-get install ovmf"));
    }
}
