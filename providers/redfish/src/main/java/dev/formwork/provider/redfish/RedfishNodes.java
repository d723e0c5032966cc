package dev.formwork.provider.redfish;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.bmc.BmcPlace;
import dev.formwork.provider.bmc.ManagedNode;

import java.util.function.Consumer;
import java.util.function.Function;

/// The controllers behind instances.
final class RedfishNodes {
    private final BmcPlace place;

    RedfishNodes(BmcPlace place) {
        this.place = place;
    }

    BmcPlace place() {
        return place;
    }

    <T> T look(String what, InstanceRef ref, Function<RedfishController, T> look) {
        place.begin(what);
        return look.apply(controller(place.node(ref)));
    }

    /// With nobody of this process between its commands.
    void change(String what, InstanceRef ref, Consumer<RedfishController> change) {
        place.begin(what);
        ManagedNode node = place.readyNode(ref);
        boolean _ =
                place.alone(
                        node.name(),
                        () -> {
                            place.command(ref, what);
                            change.accept(controller(node));
                            return true;
                        });
    }

    /// All controllers of this provider were made by [RedfishSettings].
    private static RedfishController controller(ManagedNode node) {
        return (RedfishController) node.controller();
    }
}
