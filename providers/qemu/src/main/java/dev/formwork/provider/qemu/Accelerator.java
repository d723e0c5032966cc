package dev.formwork.provider.qemu;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What runs a machine's processor.
enum Accelerator {
    KVM("host"),
    /// In software. A processor of 2008 is what current distributions are built for (x86-64-v2);
    /// the vector units of later ones cost more than they give when they are emulated.
    TCG("Nehalem");

    private static final List<String> FLAGS = List.of("vmx", "svm");

    private final String cpu;

    Accelerator(String cpu) {
        this.cpu = cpu;
    }

    List<String> arguments() {
        return List.of("-accel", name().toLowerCase(Locale.ROOT), "-cpu", cpu);
    }

    /// KVM where we may use it and the processor has what it needs for it. Without the latter there
    /// are hosts whose KVM answers, and is several times slower than no KVM.
    static Accelerator best(Path dev, Path proc) {
        return mayOpen(dev.resolve("kvm")) && canVirtualise(proc.resolve("cpuinfo")) ? KVM : TCG;
    }

    private static boolean mayOpen(Path device) {
        try (FileChannel _ =
                FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return true;
        } catch (IOException notForUs) {
            return false;
        }
    }

    private static boolean canVirtualise(Path cpuinfo) {
        try {
            return Files.readAllLines(cpuinfo).stream()
                    .filter(line -> line.startsWith("flags"))
                    .flatMap(line -> Arrays.stream(line.split("\\s+", -1)))
                    .anyMatch(FLAGS::contains);
        } catch (IOException unreadable) {
            return false;
        }
    }
}
