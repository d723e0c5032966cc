package dev.formwork.boot.lease;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.Option;

import java.util.Optional;

/// Whom a lease belongs to: the hardware address, or where there is none the client identifier.
///
/// The identifier does not come first, although RFC 2131 has it so: firmware, iPXE and the system
/// that they boot each say another one, and one machine would take three addresses.
public record ClientKey(Octets octets) {
    private static final int IDENTIFIER = 255;
    private static final int LONGEST = 255;

    public ClientKey {
        if (octets.isEmpty() || octets.size() > LONGEST + 1) {
            throw new IllegalArgumentException(octets.size() + " octets");
        }
    }

    public static ClientKey of(HardwareAddress hardware) {
        return new ClientKey(Octets.of(hardware.type()).plus(hardware.octets()));
    }

    static Optional<ClientKey> of(DhcpPacket packet) {
        Octets hardware = packet.hardware().octets();
        for (int i = 0; i < hardware.size(); i++) {
            if (hardware.at(i) != 0) {
                return Optional.of(of(packet.hardware()));
            }
        }
        return packet.options()
                .octets(Option.CLIENT_ID)
                .filter(id -> !id.isEmpty() && id.size() <= LONGEST)
                .map(id -> new ClientKey(Octets.of(IDENTIFIER).plus(id)));
    }

    /// As people write it: a MAC address, or `id` and hexadecimal digits.
    @Override
    public String toString() {
        Octets rest = octets.slice(1, octets.size());
        return octets.at(0) == IDENTIFIER || rest.size() > 16
                ? "id " + rest
                : new HardwareAddress(octets.at(0), rest).toString();
    }
}
