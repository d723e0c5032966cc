package dev.formwork.boot.address;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;

import java.util.Locale;
import java.util.regex.Pattern;

/// The address of a network card: type (1 is Ethernet) and up to 16 octets, as DHCP carries it.
public record HardwareAddress(int type, Octets octets) {
    public static final int ETHERNET = 1;
    public static final HardwareAddress BROADCAST =
            new HardwareAddress(ETHERNET, Octets.of(255, 255, 255, 255, 255, 255));

    private static final Pattern MAC =
            Pattern.compile("[0-9a-fA-F]{2}(([:-])[0-9a-fA-F]{2})(\\2[0-9a-fA-F]{2}){4}");

    public HardwareAddress {
        if (type < 0 || type > 255 || octets.size() > 16) {
            throw new IllegalArgumentException("type " + type + ", " + octets.size() + " octets");
        }
    }

    /// An Ethernet address as people write it: `52:54:00:00:00:01`.
    ///
    /// @throws ProblemException `boot.bad-mac`
    public static HardwareAddress parse(String text) {
        if (!MAC.matcher(text).matches()) {
            throw ProblemException.of(
                    "boot.bad-mac",
                    "not a MAC address: " + Names.abbreviate(text),
                    "such as 52:54:00:00:00:01");
        }
        return new HardwareAddress(
                ETHERNET,
                Octets.ofHex(text.replace(":", "").replace("-", "").toLowerCase(Locale.ROOT)));
    }

    public static HardwareAddress ethernet(Octets octets) {
        return new HardwareAddress(ETHERNET, octets);
    }

    /// Whether it names one Ethernet card: six octets, not all zero, no group address.
    public boolean isCard() {
        return type == ETHERNET
                && octets.size() == 6
                && (octets.at(0) & 1) == 0
                && !octets.equals(Octets.of(0, 0, 0, 0, 0, 0));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (type != ETHERNET) {
            text.append(type).append('/');
        }
        for (int i = 0; i < octets.size(); i++) {
            if (i > 0) {
                text.append(':');
            }
            text.append(octets.slice(i, i + 1).hex());
        }
        return text.toString();
    }
}
