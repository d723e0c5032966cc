package dev.formwork.agent.facts;

import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.Facts.Cpu;
import dev.formwork.agent.protocol.Facts.Disk;
import dev.formwork.agent.protocol.Facts.Dmi;
import dev.formwork.agent.protocol.Facts.Ignition;
import dev.formwork.agent.protocol.Facts.Memory;
import dev.formwork.agent.protocol.Facts.Nic;
import dev.formwork.agent.protocol.Facts.Os;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Reads the facts of a Linux machine from `/proc`, `/sys` and `/etc`. What can't be read is left
/// out; nothing here fails. Thread-safe.
public final class FactsReader {
    private static final int SECTOR_BYTES = 512;
    private static final int LONGEST_DMI = 128;
    private static final Dmi NO_DMI = new Dmi(null, null, null, null, null, null);

    private final Path root;
    private final @Nullable String address;
    private final String architecture;
    private final NicAddresses nicAddresses;

    /// The addresses of network interfaces by name.
    public interface NicAddresses {
        /// IPv4 first, then IPv6; link-local ones left out.
        List<String> of(String nic);
    }

    /// @param root `/`, but in tests
    /// @param address null for the first IPv4 address found
    /// @param architecture in Java's words
    public FactsReader(
            Path root, @Nullable String address, String architecture, NicAddresses nicAddresses) {
        this.root = root;
        this.address = address;
        this.architecture = architecture;
        this.nicAddresses = nicAddresses;
    }

    /// The facts now.
    public Facts read() {
        List<Nic> nics = nics();
        return new Facts(
                line("proc/sys/kernel/hostname", "localhost"),
                address != null ? address : firstAddress(nics),
                os(),
                cpu(),
                new Memory(memory()),
                disks(),
                nics,
                virtualization(),
                system(),
                new RootMount(lines("proc/self/mountinfo")).root(),
                ignition());
    }

    /// The container OS leaves it there, as docs/container-os.md describes.
    private @Nullable Ignition ignition() {
        List<String> lines = lines("run/formwork/ignition/outcome");
        if (lines.isEmpty()) {
            return null;
        }
        return new Ignition(
                lines.getFirst().equals("yes"),
                lines.size() > 1 ? lines.get(1) : null,
                lines.size() > 2 ? lines.get(2) : null);
    }

    private Os os() {
        Map<String, String> release = new HashMap<>();
        for (String file : List.of("usr/lib/os-release", "etc/os-release")) {
            for (String line : lines(file)) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    release.put(line.substring(0, equals), unquote(line.substring(equals + 1)));
                }
            }
        }
        return new Os(
                release.get("ID"),
                release.get("VERSION_ID"),
                lineOrNull("proc/sys/kernel/osrelease"));
    }

    private Cpu cpu() {
        int count = 0;
        String model = null;
        for (String line : lines("proc/cpuinfo")) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).strip();
            if (name.equals("processor")) {
                count++;
            } else if (name.equals("model name") && model == null) {
                model = line.substring(colon + 1).strip();
            }
        }
        String known =
                switch (architecture) {
                    case "x86_64" -> "amd64";
                    case "aarch64" -> "arm64";
                    default -> architecture;
                };
        return new Cpu(known, Math.max(1, count), model);
    }

    private long memory() {
        for (String line : lines("proc/meminfo")) {
            if (line.startsWith("MemTotal:")) {
                return 1024 * number(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }

    private List<Disk> disks() {
        List<Disk> disks = new ArrayList<>();
        for (String name : names("sys/block")) {
            String block = "sys/block/" + name;
            long bytes = SECTOR_BYTES * number(line(block + "/size", "0"));
            // Without a device behind it, it is made of others: loop, ram, zram, dm, md.
            if (bytes > 0 && Files.exists(root.resolve(block + "/device"))) {
                boolean rotational = line(block + "/queue/rotational", "0").equals("1");
                disks.add(new Disk(name, bytes, rotational));
            }
        }
        return disks;
    }

    private List<Nic> nics() {
        List<Nic> nics = new ArrayList<>();
        for (String name : names("sys/class/net")) {
            String mac = lineOrNull("sys/class/net/" + name + "/address");
            if (!name.equals("lo") && mac != null && mac.length() == 17) {
                nics.add(new Nic(name, mac.toLowerCase(Locale.ROOT), nicAddresses.of(name)));
            }
        }
        return nics;
    }

    private static @Nullable String firstAddress(List<Nic> nics) {
        return nics.stream()
                .flatMap(nic -> nic.addresses().stream())
                .filter(one -> one.indexOf(':') < 0)
                .findFirst()
                .orElse(null);
    }

    private String virtualization() {
        if (Files.exists(root.resolve("run/systemd/container"))
                || Files.exists(root.resolve(".dockerenv"))
                || Files.exists(root.resolve("run/.containerenv"))) {
            return "container";
        }
        String maker =
                line("sys/class/dmi/id/sys_vendor", "")
                        + " "
                        + line("sys/class/dmi/id/product_name", "");
        if (line("sys/hypervisor/type", "").equals("xen") || maker.contains("Xen")) {
            return "xen";
        }
        if (maker.contains("VMware")) {
            return "vmware";
        }
        if (maker.startsWith("Microsoft Corporation Virtual")) {
            return "hyperv";
        }
        if (maker.contains("VirtualBox") || maker.contains("innotek")) {
            return "virtualbox";
        }
        boolean hypervisor =
                lines("proc/cpuinfo").stream()
                        .anyMatch(line ->
                                line.startsWith("flags") && (line + " ").contains(" hypervisor "));
        boolean known =
                Stream.of("QEMU", "KVM", "Google", "Amazon EC2", "OpenStack", "Bochs")
                        .anyMatch(maker::contains);
        return hypervisor || (known && !maker.contains(".metal")) ? "kvm" : "none";
    }

    /// Hypervisors of clouds say here which instance it is: no metadata server is asked.
    private @Nullable Dmi system() {
        String uuid = dmi("product_uuid");
        Dmi dmi =
                new Dmi(
                        dmi("sys_vendor"),
                        dmi("product_name"),
                        dmi("product_serial"),
                        dmi("chassis_asset_tag"),
                        dmi("board_asset_tag"),
                        uuid == null ? null : uuid.toLowerCase(Locale.ROOT));
        return dmi.equals(NO_DMI) ? null : dmi;
    }

    private @Nullable String dmi(String name) {
        String line = lineOrNull("sys/class/dmi/id/" + name);
        return line == null
                ? null
                : line.substring(0, Math.min(LONGEST_DMI, line.length())).replaceAll("[^ -~]", "?");
    }

    private List<String> names(String folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(folder))) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (IOException e) {
            return List.of();
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    private String line(String file, String otherwise) {
        String line = lineOrNull(file);
        return line == null ? otherwise : line;
    }

    private @Nullable String lineOrNull(String file) {
        List<String> lines = lines(file);
        String first = lines.isEmpty() ? "" : lines.getFirst().strip();
        return first.isEmpty() ? null : first;
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(root.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String unquote(String value) {
        return value.length() > 1 && (value.startsWith("\"") || value.startsWith("'"))
                ? value.substring(1, value.length() - 1)
                : value;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
