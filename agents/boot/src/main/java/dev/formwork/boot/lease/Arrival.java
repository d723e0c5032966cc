package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;

/// Where a packet came in: an answer goes out there.
///
/// @param link the name of the network interface
/// @param local our address there
/// @param localPort the port that it came to: 67, or 4011
/// @param source who sent it; 0.0.0.0 where the sender has no address
/// @param sourcePort its port
public record Arrival(String link, Ipv4 local, int localPort, Ipv4 source, int sourcePort) {}
