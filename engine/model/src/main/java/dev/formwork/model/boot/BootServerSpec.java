package dev.formwork.model.boot;

import dev.formwork.model.Location;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `kind: BootServer`: what a boot server serves, and to whom. Addresses are as they were written;
/// the boot server checks them.
///
/// @param image directory with `kernel` and `initrd` of the container OS, as `formwork image build`
///   leaves it; relative to the file
/// @param ignition file with a configuration for Ignition that machines apply which boot the
///   container OS; relative to the file
/// @param http address and port of an HTTP server beside those on the links; port 0 for the one it
///   had last time, or any
/// @param links network interfaces on which machines boot: DHCP, TFTP and HTTP on each
/// @param httpPort of HTTP on the links
/// @param proxy whether machines without a subnet of ours are told what to boot, beside another
///   DHCP server
/// @param programs directory of iPXE: `undionly.kpxe`, `snponly.efi` or `ipxe.efi`
/// @param asks a person compares codes before a known machine gets its token, at each boot
/// @param strangers `refuse`, `hold` or `admit`
/// @param engines where machines find the engine; empty for what the engine says
/// @param arguments of the kernel of the container OS, one each
/// @param mirrors hosts and networks that artifacts may be fetched from although they are not on
///   the internet
/// @param knownServers other DHCP servers that may be on our segments
public record BootServerSpec(
        String image,
        Optional<String> ignition,
        Optional<String> http,
        List<String> links,
        int httpPort,
        boolean proxy,
        Optional<String> programs,
        List<Subnet> subnets,
        boolean asks,
        Strangers strangers,
        List<String> engines,
        List<String> arguments,
        List<String> mirrors,
        List<String> knownServers) {
    public BootServerSpec {
        links = List.copyOf(links);
        subnets = List.copyOf(subnets);
        engines = List.copyOf(engines);
        arguments = List.copyOf(arguments);
        mirrors = List.copyOf(mirrors);
        knownServers = List.copyOf(knownServers);
    }

    /// A network whose addresses are given out.
    ///
    /// @param network such as `10.77.0.0/24`
    /// @param ranges such as `10.77.0.100-10.77.0.199`
    public record Subnet(
            String network,
            List<String> ranges,
            List<String> routers,
            List<String> nameServers,
            String domain,
            Duration lease,
            List<Reservation> reservations,
            Location location) {
        public Subnet {
            ranges = List.copyOf(ranges);
            routers = List.copyOf(routers);
            nameServers = List.copyOf(nameServers);
            reservations = List.copyOf(reservations);
        }
    }

    /// An address that is kept for one network card.
    public record Reservation(String mac, String address, Optional<String> name) {}
}
