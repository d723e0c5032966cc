package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The leases of one subnet, by address and by client. One client has one address. Every operation
/// costs the same in a full subnet as in an empty one, but for the logarithm of the queue.
final class LeaseTable {
    private final Subnet subnet;
    private final Map<Ipv4, Lease> byAddress = new HashMap<>();
    private final Map<ClientKey, Lease> byClient = new HashMap<>();
    private final Map<ClientKey, Subnet.Reservation> reservations = new HashMap<>();
    private final Map<Ipv4, ClientKey> reserved = new HashMap<>();
    private final List<AddressPool> pools = new ArrayList<>();

    /// Of what is taken, by its end.
    private final TreeSet<Lease> ends =
            new TreeSet<>(Comparator.comparing(Lease::until).thenComparing(Lease::address));

    LeaseTable(Subnet subnet) {
        this.subnet = subnet;
        subnet.ranges().forEach(range -> pools.add(new AddressPool(range)));
        for (Subnet.Reservation each : subnet.reservations()) {
            reservations.put(each.client(), each);
            reserved.put(each.address(), each.client());
            take(each.address());
        }
    }

    Subnet subnet() {
        return subnet;
    }

    Optional<Lease> at(Ipv4 address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    Optional<Lease> of(ClientKey client) {
        return Optional.ofNullable(byClient.get(client));
    }

    Optional<Subnet.Reservation> reservation(ClientKey client) {
        return Optional.ofNullable(reservations.get(client));
    }

    int size() {
        return byAddress.size();
    }

    long taken(Instant now) {
        return byAddress.values().stream().filter(lease -> lease.isTaken(now)).count();
    }

    /// Whether the client may have the address: nobody else has it, or has it reserved, and it is
    /// one that we give out.
    boolean isFor(ClientKey client, Ipv4 address, Instant now) {
        @Nullable ClientKey owner = reserved.get(address);
        if (owner != null ? !owner.equals(client) : pool(address).isEmpty()) {
            return false;
        }
        @Nullable Lease lease = byAddress.get(address);
        return lease == null
                || !lease.isTaken(now)
                || (lease.client().equals(client) && lease.state() != Lease.State.DECLINED);
    }

    /// An address for the client: reserved for it, had by it, wished by it, or just free.
    Optional<Ipv4> choose(ClientKey client, Optional<Ipv4> wish, Instant now) {
        expire(now);
        Optional<Ipv4> reservation = reservation(client).map(Subnet.Reservation::address);
        return reservation
                .filter(address -> isFor(client, address, now))
                .or(() -> of(client).map(Lease::address).filter(each -> isFor(client, each, now)))
                .or(() -> wish.filter(address -> isFor(client, address, now)))
                .or(this::free);
    }

    private Optional<Ipv4> free() {
        return pools.stream().flatMap(pool -> pool.find().stream()).findFirst();
    }

    /// Notes a lease.
    ///
    /// @return the lease of another address that the client has no more
    Optional<Lease> put(Lease lease, Instant now) {
        @Nullable Lease before = byAddress.put(lease.address(), lease);
        if (before != null) {
            ends.remove(before);
            if (isCurrent(before)) {
                byClient.remove(before.client());
            }
        }
        if (lease.isTaken(now)) {
            take(lease.address());
            ends.add(lease);
        } else {
            free(lease.address());
        }
        if (lease.state() == Lease.State.DECLINED) {
            return Optional.empty();
        }
        if (!lease.isTaken(now) && has(lease.client(), now)) {
            // A book comes in any order: what the client has now is not what it gave back once.
            return Optional.empty();
        }
        @Nullable Lease other = byClient.put(lease.client(), lease);
        if (other == null || other.address().equals(lease.address()) || !other.isTaken(now)) {
            return Optional.empty();
        }
        Lease released =
                new Lease(
                        other.address(),
                        other.client(),
                        Lease.State.RELEASED,
                        now,
                        other.hostName());
        ends.remove(other);
        byAddress.put(other.address(), released);
        free(other.address());
        return other.state() == Lease.State.BOUND ? Optional.of(released) : Optional.empty();
    }

    private boolean has(ClientKey client, Instant now) {
        return of(client).filter(lease -> lease.isTaken(now)).isPresent();
    }

    private boolean isCurrent(Lease lease) {
        @Nullable Lease current = byClient.get(lease.client());
        return current != null && current.address().equals(lease.address());
    }

    /// Frees what has run out. Who had it is remembered, so that a client that comes back late gets
    /// its address again.
    private void expire(Instant now) {
        while (!ends.isEmpty() && !ends.first().until().isAfter(now)) {
            free(ends.pollFirst().address());
        }
    }

    private Optional<AddressPool> pool(Ipv4 address) {
        return pools.stream().filter(pool -> pool.contains(address)).findFirst();
    }

    private void take(Ipv4 address) {
        pool(address).ifPresent(pool -> pool.take(address));
    }

    private void free(Ipv4 address) {
        if (!reserved.containsKey(address)) {
            pool(address).ifPresent(pool -> pool.free(address));
        }
    }
}
