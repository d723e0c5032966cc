package dev.formwork.boot.dhcp;

import dev.formwork.model.Problem;

/// What octets turned out to be.
public sealed interface DhcpDecoding {
    /// @param packet what they say
    record Decoded(DhcpPacket packet) implements DhcpDecoding {}

    /// @param problem `dhcp.malformed`, with the place
    record Refused(Problem problem) implements DhcpDecoding {}
}
