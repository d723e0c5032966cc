package dev.formwork.boot.lease;

import dev.formwork.boot.dhcp.DhcpPacket;

/// A packet to send.
///
/// @param arrival of the request: the link to send on, and the address and port to send from
/// @param room how many octets the client takes
public record Reply(DhcpPacket packet, Destination destination, Arrival arrival, int room) {}
