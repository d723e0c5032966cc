package dev.formwork.provider.qemu;

import dev.formwork.model.MachineId;
import dev.formwork.provider.Digests;
import dev.formwork.provider.ProviderCode;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The network by which the machines of one provider see each other in user mode: no card of the
/// host is on it, and nobody hands out addresses there.
///
/// @param network its first address, as a number
/// @param prefix the length of its prefix, 16 to 29
record Segment(int network, int prefix) {
    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,3})[.]([0-9]{1,3})[.]([0-9]{1,3})[.]([0-9]{1,3})/([0-9]{2})");

    /// What QEMU's user-mode network uses: 10.0.2.0/24.
    private static final Segment USER_MODE = new Segment(0x0a000200, 24);

    /// Empty where it is no network of that size, or meets the one of QEMU's user mode.
    static Optional<Segment> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int address = 0;
        for (int i = 1; i <= 4; i++) {
            int octet = Integer.parseInt(parts.group(i));
            if (octet > 255) {
                return Optional.empty();
            }
            address = address << 8 | octet;
        }
        int prefix = Integer.parseInt(parts.group(5));
        if (prefix < 16 || prefix > 29) {
            return Optional.empty();
        }
        Segment segment = new Segment(address, prefix);
        return (address & ~segment.mask()) == 0 && !segment.meets(USER_MODE)
                ? Optional.of(segment)
                : Optional.empty();
    }

    private int mask() {
        return -1 << (32 - prefix);
    }

    private boolean meets(Segment other) {
        int wider = mask() & other.mask();
        return (network & wider) == (other.network & wider);
    }

    /// An address for a machine: the same one for the same machine, if it is free.
    ///
    /// @param taken without the prefix
    String choose(MachineId machine, Set<String> taken) {
        int places = (1 << (32 - prefix)) - 2;
        byte[] digest = Digests.bytes("address/" + machine);
        int first = Math.floorMod(((digest[0] & 0xff) << 8) | (digest[1] & 0xff), places);
        for (int i = 0; i < places; i++) {
            String address = text(network + 1 + (first + i) % places);
            if (!taken.contains(address)) {
                return address;
            }
        }
        throw ProviderCode.QUOTA.problem(
                "every address of %s is taken".formatted(this),
                "delete machines, or configure a larger segment");
    }

    /// Where the machines of a directory send what they say to each other: a multicast address of
    /// RFC 2365's site-local scope, and a port, on the host's loopback. Machines of other providers
    /// are elsewhere.
    static String multicast(Path data) {
        byte[] digest = Digests.bytes("segment/" + data);
        int port = 20000 + (((digest[2] & 0xff) << 8) | (digest[3] & 0xff)) % 10000;
        return "239.255.%d.%d:%d".formatted(digest[0] & 0xff, digest[1] & 0xff, port);
    }

    private static String text(int address) {
        return "%d.%d.%d.%d"
                .formatted(
                        address >>> 24,
                        address >>> 16 & 0xff,
                        address >>> 8 & 0xff,
                        address & 0xff);
    }

    @Override
    public String toString() {
        return text(network) + "/" + prefix;
    }
}
