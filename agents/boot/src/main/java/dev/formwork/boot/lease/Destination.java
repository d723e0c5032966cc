package dev.formwork.boot.lease;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;

/// Where a reply goes, always from the address and port at which its request came in.
public sealed interface Destination {
    /// To a host that has an address: a relay agent, or a client.
    record Host(Ipv4 address, int port) implements Destination {}

    /// To a card whose host does not have the address yet, so does not answer ARP.
    record Card(Ipv4 address, HardwareAddress hardware) implements Destination {}

    /// To all on the link, port 68.
    record Everybody() implements Destination {}
}
