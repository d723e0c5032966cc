package dev.formwork.boot.lease;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;

/// A question to the network: does somebody use this address?
///
/// @param client an answer by this card does not count
/// @param arrival of the request that it is for
/// @param isRelayed whether the address is behind a relay agent, where ARP does not reach
public record Probe(Ipv4 address, HardwareAddress client, Arrival arrival, boolean isRelayed) {}
