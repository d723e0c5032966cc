package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;

import java.util.Optional;

/// What a client is told to boot. Called for each packet, so it decides at once and from memory.
@FunctionalInterface
public interface BootOptions {
    BootOptions NONE = (request, arrival) -> Boot.NOTHING;

    Boot boot(DhcpPacket request, Arrival arrival);

    /// What we should have to tell the client something, and don't.
    default Optional<String> lacks(DhcpPacket request) {
        return Optional.empty();
    }

    /// The fields and options of a reply that tell a client what to boot.
    ///
    /// @param nextServer 0.0.0.0 where nothing
    /// @param file as [DhcpPacket#file()]
    record Boot(Ipv4 nextServer, String file, DhcpOptions options) {
        public static final Boot NOTHING = new Boot(Ipv4.ANY, "", DhcpOptions.NONE);

        public boolean isNothing() {
            return equals(NOTHING);
        }
    }
}
