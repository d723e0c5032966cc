package dev.formwork.boot.artifact;

import dev.formwork.boot.address.Cidr;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.model.ProblemException;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/// Where artifacts may be fetched from: the internet, and what an operator allows. A URL comes from
/// a user, and must not lead to what only the engine can reach (SSRF).
///
/// @param hosts names that are allowed whatever their addresses are, in small letters
/// @param networks addresses that are allowed although they are private
public record Destinations(Set<String> hosts, List<Cidr> networks) {
    public static final Destinations INTERNET = new Destinations(Set.of(), List.of());

    public Destinations {
        hosts = Set.copyOf(hosts);
        networks = List.copyOf(networks);
    }

    /// @throws ProblemException `artifact.forbidden-address`
    void require(String host, InetAddress address) {
        boolean isAllowed =
                hosts.contains(host)
                        || isPublic(address)
                        || (address instanceof Inet4Address four
                                && networks.stream()
                                        .anyMatch(each -> each.contains(Ipv4.of(four))));
        if (!isAllowed) {
            throw ProblemException.of(
                    "artifact.forbidden-address",
                    host + " is at " + address.getHostAddress() + ", which is not on the internet",
                    "an operator can allow the host or its network");
        }
    }

    private static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] octets = address.getAddress();
        int first = octets[0] & 0xff;
        int second = octets[1] & 0xff;
        if (octets.length == 4) {
            return first != 0
                    && first < 224
                    && !(first == 100 && second >= 64 && second < 128) // Carriers' NAT
                    && !(first == 192 && second == 0 && octets[2] == 0)
                    && !(first == 198 && (second == 18 || second == 19)); // Benchmarks
        }
        // Global unicast only, without what wraps an IPv4 address: 6to4 and Teredo.
        return (first & 0xe0) == 0x20
                && !(first == 0x20 && second == 0x02)
                && !(first == 0x20 && second == 0x01 && octets[2] == 0 && octets[3] == 0);
    }
}
