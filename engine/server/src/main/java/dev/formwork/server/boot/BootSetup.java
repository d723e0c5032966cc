package dev.formwork.server.boot;

import dev.formwork.boot.address.Cidr;
import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.artifact.Destinations;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.lease.ClientKey;
import dev.formwork.boot.lease.DhcpSettings;
import dev.formwork.boot.lease.Subnet;
import dev.formwork.boot.pxe.NetworkBoot;
import dev.formwork.boot.pxe.Platform;
import dev.formwork.boot.script.ScriptSource;
import dev.formwork.boot.server.BootServer;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.boot.BootServerSpec;
import dev.formwork.model.yaml.BootServerLoader;
import dev.formwork.workflow.engine.BootPolicy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `kind: BootServer` file, checked, in the words of the boot server.
///
/// @param image directory with `kernel` and `initrd`
/// @param ignition what machines get that ask for a configuration for Ignition
/// @param http address and port of HTTP beside the links; port 0 for any
/// @param settings of what is served on the links; empty where there is none
/// @param programs iPXE by its path, and the file that it is
/// @param mirrors where artifacts may be fetched from beyond the internet
public record BootSetup(
        Path image,
        Optional<ContentSource> ignition,
        Optional<Listening> http,
        Optional<BootServer.Settings> settings,
        Map<String, Path> programs,
        BootPolicy policy,
        List<String> engines,
        List<String> arguments,
        Destinations mirrors) {
    private static final Pattern LISTENING = Pattern.compile("([0-9.]+):([0-9]{1,5})");
    private static final Pattern RANGE = Pattern.compile("([0-9.]+)-([0-9.]+)");

    /// iPXE for each platform, by what Debian calls it; the first that is there. Debian's
    /// `ipxe.efi` (of 2019) hangs where it should leave the machine to its firmware again.
    private static final Map<Platform, List<String>> PROGRAMS =
            Map.of(
                    Platform.BIOS, List.of("undionly.kpxe"),
                    Platform.UEFI_AMD64, List.of("snponly.efi", "ipxe.efi"),
                    Platform.UEFI_ARM64, List.of("snponly-arm64.efi", "ipxe-arm64.efi"));

    public BootSetup {
        programs = Map.copyOf(programs);
        engines = List.copyOf(engines);
        arguments = List.copyOf(arguments);
    }

    /// An address and a port.
    public record Listening(Ipv4 address, int port) {}

    /// @throws ProblemException `boot.unreadable`, and everything that is wrong in the file:
    ///   `yaml.*`, `boot.*`, `dhcp.bad-subnet`
    public static BootSetup load(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "boot.unreadable",
                                    "the file " + file + " cannot be read: " + e,
                                    "`--boot` names a file with kind: BootServer")),
                    e);
        }
        Path base = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        return of(BootServerLoader.load(file.toString(), text), base);
    }

    static BootSetup of(BootServerSpec spec, Path base) {
        Path image = base.resolve(spec.image()).normalize();
        for (String part : List.of(Decider.KERNEL, Decider.INITRD)) {
            if (!Files.isRegularFile(image.resolve(part))) {
                throw ProblemException.of(
                        "boot.no-image",
                        image + " has no " + part,
                        "build the container OS: formwork image build --out " + image);
            }
        }
        Map<Platform, String> programs = new EnumMap<>(Platform.class);
        Map<String, Path> files =
                spec.programs()
                        .map(base::resolve)
                        .map(directory -> programs(directory, programs))
                        .orElse(Map.of());
        Optional<BootServer.Settings> settings =
                spec.links().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new BootServer.Settings(
                                        spec.links(),
                                        new DhcpSettings(
                                                spec.subnets().stream()
                                                        .map(BootSetup::subnet)
                                                        .toList(),
                                                Set.of(),
                                                servers(spec),
                                                true),
                                        spec.proxy(),
                                        new NetworkBoot(
                                                programs,
                                                spec.httpPort(),
                                                "/" + ScriptSource.FIRST)));
        if (settings.isPresent() && programs.isEmpty()) {
            throw ProblemException.of(
                    "boot.no-programs",
                    "no iPXE to serve to firmware: `programs` names no directory with one",
                    "programs: /usr/lib/ipxe (Debian: apt install ipxe)");
        }
        return new BootSetup(
                image,
                spec.ignition().map(base::resolve).map(IgnitionSource::read),
                spec.http().map(BootSetup::listening),
                settings,
                files,
                new BootPolicy(spec.asks(), spec.strangers()),
                engines(spec.engines()),
                spec.arguments(),
                mirrors(spec.mirrors()));
    }

    /// Links are followed: Debian keeps some of them elsewhere.
    private static Map<String, Path> programs(Path directory, Map<Platform, String> programs) {
        Map<String, Path> files = new TreeMap<>();
        PROGRAMS.forEach((platform, names) ->
                names.stream()
                        .filter(name -> Files.isRegularFile(directory.resolve(name)))
                        .findFirst()
                        .ifPresent(name -> {
                            programs.put(platform, name);
                            files.put(name, directory.resolve(name));
                        }));
        return files;
    }

    private static Set<Ipv4> servers(BootServerSpec spec) {
        Set<Ipv4> all = new HashSet<>();
        spec.knownServers().forEach(each -> all.add(Ipv4.parse(each)));
        return all;
    }

    private static Subnet subnet(BootServerSpec.Subnet spec) {
        List<Subnet.Range> ranges = new ArrayList<>();
        for (String text : spec.ranges()) {
            Matcher parts = RANGE.matcher(text);
            if (!parts.matches()) {
                throw ProblemException.of(
                        "boot.bad-range",
                        "not a range of addresses: " + text,
                        "such as 10.77.0.100-10.77.0.199");
            }
            ranges.add(new Subnet.Range(Ipv4.parse(parts.group(1)), Ipv4.parse(parts.group(2))));
        }
        return new Subnet(
                Cidr.parse(spec.network()),
                ranges,
                spec.reservations().stream()
                        .map(each ->
                                new Subnet.Reservation(
                                        ClientKey.of(HardwareAddress.parse(each.mac())),
                                        Ipv4.parse(each.address()),
                                        each.name().orElse("")))
                        .toList(),
                spec.routers().stream().map(Ipv4::parse).toList(),
                spec.nameServers().stream().map(Ipv4::parse).toList(),
                spec.domain(),
                spec.lease(),
                DhcpOptions.NONE);
    }

    private static Listening listening(String text) {
        Matcher parts = LISTENING.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
            throw ProblemException.of(
                    "boot.bad-address",
                    "not an address and a port: " + text,
                    "such as 127.0.0.1:0 or 10.77.0.1:7480");
        }
        return new Listening(Ipv4.parse(parts.group(1)), Integer.parseInt(parts.group(2)));
    }

    /// Names of hosts, and networks.
    private static Destinations mirrors(List<String> mirrors) {
        Set<String> hosts = new HashSet<>();
        List<Cidr> networks = new ArrayList<>();
        for (String each : mirrors) {
            if (each.contains("/")) {
                networks.add(Cidr.parse(each));
            } else {
                hosts.add(each.toLowerCase(Locale.ROOT));
            }
        }
        return new Destinations(hosts, networks);
    }

    private static List<String> engines(List<String> engines) {
        for (String each : engines) {
            if (!each.matches("https?://[A-Za-z0-9.\\[\\]:-]+")
                    || URI.create(each).getHost() == null) {
                throw ProblemException.of(
                        "boot.bad-engine",
                        "not an engine's address: " + each,
                        "such as https://10.77.0.1:7475");
            }
        }
        return engines;
    }
}
