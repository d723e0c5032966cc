package dev.formwork.boot.lease;

import dev.formwork.boot.address.Cidr;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.dhcp.DhcpOptions;

import java.time.Duration;
import java.util.List;

/// A network whose addresses we give out.
///
/// @param ranges what may be given to anybody; none where only reservations count
/// @param reservations addresses of known clients, inside the network, in a range or not
/// @param routers in order of preference
/// @param domain empty where there is none
/// @param leaseTime a minute to a year
/// @param options more options, over what is derived from the rest
public record Subnet(
        Cidr network,
        List<Range> ranges,
        List<Reservation> reservations,
        List<Ipv4> routers,
        List<Ipv4> nameServers,
        String domain,
        Duration leaseTime,
        DhcpOptions options) {
    public Subnet {
        ranges = List.copyOf(ranges);
        reservations = List.copyOf(reservations);
        routers = List.copyOf(routers);
        nameServers = List.copyOf(nameServers);
    }

    /// Addresses from the first to the last, both in it.
    public record Range(Ipv4 first, Ipv4 last) {
        boolean contains(Ipv4 address) {
            return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
        }

        @Override
        public String toString() {
            return first + "-" + last;
        }
    }

    /// An address that is kept for one client.
    ///
    /// @param hostName what the client is told to be called; empty where nothing
    public record Reservation(ClientKey client, Ipv4 address, String hostName) {}

    @Override
    public String toString() {
        return network.toString();
    }
}
