package dev.formwork.boot.address;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An IPv4 network: `10.0.0.0/24`.
public record Cidr(Ipv4 network, int length) {
    private static final Pattern TEXT = Pattern.compile("([0-9.]+)/(\\d{1,2})");

    public Cidr {
        if (length < 1 || length > 32 || (network.bits() & ~mask(length)) != 0) {
            throw ProblemException.of(
                    "boot.bad-network",
                    "not an IPv4 network: " + network + "/" + length,
                    "the bits behind the length are 0: 10.0.0.0/24");
        }
    }

    /// @throws ProblemException `boot.bad-network`, `boot.bad-address`
    public static Cidr parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw ProblemException.of(
                    "boot.bad-network",
                    "not an IPv4 network: " + Names.abbreviate(text),
                    "such as 10.0.0.0/24");
        }
        return new Cidr(Ipv4.parse(parts.group(1)), Integer.parseInt(parts.group(2)));
    }

    public boolean contains(Ipv4 address) {
        return (address.bits() & mask(length)) == network.bits();
    }

    public Ipv4 mask() {
        return new Ipv4(mask(length));
    }

    /// The address that all hosts of the network hear.
    public Ipv4 broadcast() {
        return new Ipv4(network.bits() | ~mask(length));
    }

    /// Whether a host of this network can have the address.
    public boolean hasHost(Ipv4 address) {
        return contains(address)
                && (length >= 31 || (!address.equals(network) && !address.equals(broadcast())));
    }

    private static int mask(int length) {
        return -1 << (32 - length);
    }

    @Override
    public String toString() {
        return network + "/" + length;
    }
}
