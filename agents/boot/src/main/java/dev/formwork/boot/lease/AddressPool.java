package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;

import java.util.BitSet;
import java.util.Optional;

/// The addresses of one range: which are taken. Finds a free one by bits, 64 at a time, going round
/// so that an address that was given back rests as long as it can.
final class AddressPool {
    private final Subnet.Range range;
    private final int size;
    private final BitSet taken = new BitSet();
    private int next;

    AddressPool(Subnet.Range range) {
        this.range = range;
        this.size = Math.toIntExact(range.last().unsigned() - range.first().unsigned() + 1);
    }

    boolean contains(Ipv4 address) {
        return range.contains(address);
    }

    void take(Ipv4 address) {
        taken.set(address.bits() - range.first().bits());
    }

    void free(Ipv4 address) {
        taken.clear(address.bits() - range.first().bits());
    }

    /// A free address, which stays free until it is taken.
    Optional<Ipv4> find() {
        int found = taken.nextClearBit(next);
        if (found >= size) {
            found = taken.nextClearBit(0);
        }
        if (found >= size) {
            return Optional.empty();
        }
        next = found + 1 == size ? 0 : found + 1;
        return Optional.of(range.first().plus(found));
    }
}
