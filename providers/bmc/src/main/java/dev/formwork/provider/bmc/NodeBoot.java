package dev.formwork.provider.bmc;

import dev.formwork.provider.BootControl;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.BootSetting;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;

import java.util.function.UnaryOperator;

/// Says what nodes boot from. A controller holds one setting, for once or for always; so both are
/// kept in the store, and the controller is told what the next boot is to be. After a boot from
/// what was set for once, [NodePower] tells it again what is for always.
public final class NodeBoot implements BootControl {
    private final BmcPlace place;

    public NodeBoot(BmcPlace place) {
        this.place = place;
    }

    @Override
    public BootSetting bootSetting(InstanceRef ref) {
        place.begin("look at what %s boots from".formatted(ref));
        return place.claim(ref).bootSetting();
    }

    @Override
    public void bootAlways(OperationToken token, InstanceRef ref, BootDevice device) {
        if (device == BootDevice.MEDIA) {
            place.begin("set what %s boots from".formatted(ref));
            place.readyNode(ref);
            throw ProviderCode.UNSUPPORTED.problem(
                    "a machine boots from its virtual drive once, not always", "boot from it once");
        }
        set(ref, claim -> claim.booting(device, claim.once()));
    }

    @Override
    public void bootOnce(OperationToken token, InstanceRef ref, BootDevice device) {
        if (device == BootDevice.MEDIA) {
            place.begin("set what %s boots from".formatted(ref));
            if (!place.readyNode(ref).controller().hasDrive()) {
                throw ProviderCode.UNSUPPORTED.problem(
                        "the controller of %s offers no virtual drive".formatted(ref),
                        "the network or the disk");
            }
        }
        set(ref, claim -> claim.booting(claim.always(), device));
    }

    private void set(InstanceRef ref, UnaryOperator<Claim> change) {
        place.begin("set what %s boots from".formatted(ref));
        ManagedNode node = place.readyNode(ref);
        boolean _ =
                place.alone(
                        node.name(),
                        () -> {
                            place.steps().next("note what it boots from");
                            Claim claim = place.updateReady(ref, change);
                            place.command(ref, "set what it boots from");
                            node.controller().bootFrom(claim.nextBoot(node.node()));
                            return true;
                        });
    }
}
