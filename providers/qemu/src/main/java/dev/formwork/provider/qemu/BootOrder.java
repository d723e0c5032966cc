package dev.formwork.provider.qemu;

import dev.formwork.provider.BootDevice;

import java.util.ArrayList;
import java.util.List;

/// The devices that a machine boots from, in their order, by the names that QEMU knows them under.
final class BootOrder {
    static final String CARD = "card0";

    private BootOrder() {}

    static String disk(int number) {
        return "blk" + number;
    }

    static List<String> of(BootDevice first, int disks) {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < disks; i++) {
            order.add(disk(i));
        }
        switch (first) {
            case NETWORK -> order.addFirst(CARD);
            case DISK -> order.addLast(CARD);
            case MEDIA -> throw new IllegalArgumentException("there is no drive for it");
        }
        return order;
    }
}
