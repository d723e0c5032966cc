package dev.formwork.boot.server;

import dev.formwork.boot.lease.Arrival;
import dev.formwork.boot.lease.Destination;
import dev.formwork.boot.lease.Probe;

import java.util.concurrent.CompletableFuture;

/// The networks that DHCP is served on. Safe for use by several threads.
public interface DhcpWire {
    /// Sends, or loses, a datagram.
    void send(byte[] datagram, Destination destination, Arrival arrival);

    /// Whether somebody but the client uses an address. Never fails.
    CompletableFuture<Boolean> isUsed(Probe probe);
}
