package dev.formwork.boot.address;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An IPv4 address. Ordered as unsigned numbers.
///
/// @param bits the four octets, the first the most significant
public record Ipv4(int bits) implements Comparable<Ipv4> {
    public static final Ipv4 ANY = new Ipv4(0);
    public static final Ipv4 BROADCAST = new Ipv4(-1);

    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

    /// Of dotted decimals.
    ///
    /// @throws ProblemException `boot.bad-address`
    public static Ipv4 parse(String text) {
        Matcher octets = TEXT.matcher(text);
        if (octets.matches()) {
            int bits = 0;
            boolean fits = true;
            for (int i = 1; i <= 4; i++) {
                int octet = Integer.parseInt(octets.group(i));
                fits &= octet <= 255;
                bits = bits << 8 | octet;
            }
            if (fits) {
                return new Ipv4(bits);
            }
        }
        throw ProblemException.of(
                "boot.bad-address",
                "not an IPv4 address: " + Names.abbreviate(text),
                "four numbers, such as 10.0.0.1");
    }

    public static Ipv4 of(Inet4Address address) {
        return new Ipv4(Octets.of(address.getAddress()).intAt(0));
    }

    /// The address at four octets of `octets`.
    public static Ipv4 of(Octets octets, int index) {
        return new Ipv4(octets.intAt(index));
    }

    public boolean isAny() {
        return bits == 0;
    }

    public Ipv4 plus(int offset) {
        return new Ipv4(bits + offset);
    }

    public long unsigned() {
        return bits & 0xffff_ffffL;
    }

    public Octets octets() {
        return Octets.ofInt(bits);
    }

    public InetAddress inet() {
        try {
            return InetAddress.getByAddress(octets().toArray());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24)
                + "."
                + (bits >>> 16 & 0xff)
                + "."
                + (bits >>> 8 & 0xff)
                + "."
                + (bits & 0xff);
    }
}
