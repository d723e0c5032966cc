package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/// What a machine is like, as its agent sees it. What can't be found out is null or left out.
///
/// @param address where other machines reach it
/// @param virtualization `none`, `kvm`, `vmware`, `xen`, `hyperv`, `container`, ...
/// @param system what DMI says of the machine; null where there is none, and of an agent that is
///   older
/// @param root what `/` is on
/// @param ignition what became of the configuration that Ignition was given in this boot; null
///   where there is none
public record Facts(
        String hostname,
        @Nullable String address,
        Os os,
        Cpu cpu,
        Memory memory,
        List<Disk> disks,
        List<Nic> nics,
        @Nullable String virtualization,
        @Nullable Dmi system,
        @Nullable Root root,
        @Nullable Ignition ignition) {
    public Facts {
        Objects.requireNonNull(hostname, "hostname");
        Objects.requireNonNull(os, "os");
        Objects.requireNonNull(cpu, "cpu");
        Objects.requireNonNull(memory, "memory");
        disks = disks == null ? List.of() : List.copyOf(disks);
        nics = nics == null ? List.of() : List.copyOf(nics);
    }

    /// What DMI says, of at most 128 printable characters each. The serial number and the UUID are
    /// root's to read on Linux.
    ///
    /// @param asset tag of the chassis
    /// @param board asset tag of the board; on AWS the id of the instance
    /// @param uuid lower case
    public record Dmi(
            @Nullable String manufacturer,
            @Nullable String product,
            @Nullable String serial,
            @Nullable String asset,
            @Nullable String board,
            @Nullable String uuid) {}

    /// @param id as in os-release, such as `debian`
    /// @param version as in os-release, such as `12`
    /// @param kernel its release
    public record Os(@Nullable String id, @Nullable String version, @Nullable String kernel) {}

    /// @param architecture `amd64`, `arm64`, ...
    /// @param count of logical processors
    public record Cpu(String architecture, int count, @Nullable String model) {
        public Cpu {
            Objects.requireNonNull(architecture, "architecture");
        }
    }

    /// @param bytes that the system can use
    public record Memory(long bytes) {}

    /// @param filesystem such as `ext4`, `overlay`, `tmpfs`
    /// @param persistent whether it outlives a boot. On one that does not, a boot makes the machine
    ///   a new one: what was done on it before counts no more
    public record Root(String filesystem, boolean persistent) {
        public Root {
            Objects.requireNonNull(filesystem, "filesystem");
        }
    }

    /// @param applied the whole of it
    /// @param code of docs/errors.md, where something is wrong with it
    /// @param detail of that, in words
    public record Ignition(boolean applied, @Nullable String code, @Nullable String detail) {}

    /// @param name of the block device, such as `vda`
    public record Disk(String name, long bytes, boolean rotational) {
        public Disk {
            Objects.requireNonNull(name, "name");
        }
    }

    /// @param name of the interface, such as `eth0`
    /// @param mac lower case with colons
    /// @param addresses IPv4 and IPv6, without a prefix length
    public record Nic(String name, @Nullable String mac, List<String> addresses) {
        public Nic {
            Objects.requireNonNull(name, "name");
            addresses = addresses == null ? List.of() : List.copyOf(addresses);
        }
    }
}
