package dev.formwork.provider.redfish;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.VirtualMedia;
import dev.formwork.provider.bmc.BmcPlace;

import java.net.URI;
import java.util.Optional;

/// The virtual drives of the nodes.
final class NodeMedia implements VirtualMedia {
    private final RedfishNodes nodes;

    NodeMedia(BmcPlace place) {
        this.nodes = new RedfishNodes(place);
    }

    @Override
    public Optional<URI> inserted(InstanceRef ref) {
        return nodes.look("look into the drive of " + ref, ref, each -> each.drive().inserted());
    }

    @Override
    public void insert(OperationToken token, InstanceRef ref, URI image) {
        nodes.change(
                "insert an image into the drive of " + ref,
                ref,
                controller -> {
                    VirtualMedia.requireImage(image);
                    controller.drive().insert(image);
                });
    }

    @Override
    public void eject(OperationToken token, InstanceRef ref) {
        nodes.change("empty the drive of " + ref, ref, each -> each.drive().eject());
    }
}
