package dev.formwork.provider.bmc;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.ProviderCode;

import java.util.function.Consumer;

/// Switches nodes on and off, and has each start from what is set. The wish is stored before the
/// command, so that a node which is off against it is known to have lost its power.
public final class NodePower implements PowerControl {
    private final BmcPlace place;

    public NodePower(BmcPlace place) {
        this.place = place;
    }

    @Override
    public PowerState power(InstanceRef ref) {
        place.begin("look at the power of " + ref);
        Claim claim = place.claim(ref);
        if (place.node(claim).controller().isOn()) {
            return PowerState.ON;
        }
        return claim.phase() == Claim.Phase.READY && !claim.switchedOff()
                ? PowerState.LOST
                : PowerState.OFF;
    }

    @Override
    public void powerOn(OperationToken token, InstanceRef ref) {
        change(
                "power on " + ref,
                ref,
                node -> {
                    wish(ref, false);
                    if (!node.controller().isOn()) {
                        bootAsSet(ref, node);
                        place.command(ref, "power on");
                        node.controller().switchOn();
                        if (!place.becomes(true, node, place.settings().patience())) {
                            throw BmcCode.POWER_UNCHANGED.problem(
                                    "node %s does not come on".formatted(node.name()),
                                    "see its controller");
                        }
                        onceIsUsedUp(ref);
                    }
                });
    }

    @Override
    public void powerOff(OperationToken token, InstanceRef ref) {
        change(
                "power off " + ref,
                ref,
                node -> {
                    wish(ref, true);
                    if (node.controller().isOn()) {
                        switchOff(ref, node);
                    }
                });
    }

    private void switchOff(InstanceRef ref, ManagedNode node) {
        if (place.settings().grace().isPositive()) {
            place.command(ref, "press the power button");
            node.controller().pressPowerButton();
            if (place.becomes(false, node, place.settings().grace())) {
                return;
            }
        }
        place.command(ref, "power off");
        node.controller().switchOff();
        if (!place.becomes(false, node, place.settings().patience())) {
            throw ProviderCode.PARTIAL.problem(
                    "node %s does not go off".formatted(node.name()), "see its controller");
        }
    }

    @Override
    public void reset(OperationToken token, InstanceRef ref) {
        change(
                "reset " + ref,
                ref,
                node -> {
                    if (!node.controller().isOn()) {
                        throw ProviderCode.CONFLICT.problem(
                                "instance %s is off".formatted(ref), "power it on");
                    }
                    bootAsSet(ref, node);
                    place.command(ref, "reset");
                    node.controller().reset();
                    onceIsUsedUp(ref);
                });
    }

    private void change(String what, InstanceRef ref, Consumer<ManagedNode> work) {
        place.begin(what);
        ManagedNode node = place.readyNode(ref);
        boolean _ =
                place.alone(
                        node.name(),
                        () -> {
                            place.readyNode(ref);
                            work.accept(node);
                            return true;
                        });
    }

    private void wish(InstanceRef ref, boolean off) {
        place.steps().next("note the wish");
        Claim _ = place.updateReady(ref, claim -> claim.switchedOff(off));
    }

    private void bootAsSet(InstanceRef ref, ManagedNode node) {
        place.command(ref, "set what it boots from");
        node.controller().bootFrom(place.claim(ref).nextBoot(node.node()));
    }

    private void onceIsUsedUp(InstanceRef ref) {
        Claim _ = place.updateReady(ref, claim -> claim.booting(claim.always(), null));
    }
}
