package dev.formwork.provider.redfish;

import dev.formwork.model.value.Value;
import dev.formwork.provider.BiosAttributes;
import dev.formwork.provider.FirmwareComponent;
import dev.formwork.provider.FirmwareControl;
import dev.formwork.provider.FirmwareUpdate;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.VirtualMedia;
import dev.formwork.provider.bmc.BmcPlace;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/// The firmware of the nodes. Which update was the last one is noted with the machine, so that a
/// repeat of it is told how far it is.
final class NodeFirmware implements FirmwareControl {
    private final RedfishNodes nodes;

    NodeFirmware(BmcPlace place) {
        this.nodes = new RedfishNodes(place);
    }

    /// What is noted: `<token> <id>`.
    private record Noted(String token, String id) {
        static Noted parse(String note) {
            int blank = note.indexOf(' ');
            return blank < 0
                    ? new Noted("", "")
                    : new Noted(note.substring(0, blank), note.substring(blank + 1));
        }

        String text() {
            return token + " " + id;
        }
    }

    @Override
    public List<FirmwareComponent> firmware(InstanceRef ref) {
        return nodes.look(
                "look at the firmware of " + ref, ref, each -> each.firmware().components());
    }

    @Override
    public FirmwareUpdate update(
            OperationToken token, InstanceRef ref, URI image, Set<String> components) {
        AtomicReference<FirmwareUpdate> update = new AtomicReference<>();
        nodes.change(
                "update the firmware of " + ref,
                ref,
                controller -> {
                    VirtualMedia.requireImage(image);
                    Noted last = Noted.parse(nodes.place().note(ref));
                    if (last.token().equals(token.value())) {
                        update.set(controller.firmware().progress(last.id()));
                        return;
                    }
                    FirmwareUpdate begun = controller.firmware().update(image, components);
                    nodes.place().step("note the update");
                    nodes.place().note(ref, new Noted(token.value(), begun.id()).text());
                    update.set(begun);
                });
        return update.get();
    }

    @Override
    public FirmwareUpdate progress(InstanceRef ref, String id) {
        return nodes.look(
                "look at an update of " + ref,
                ref,
                controller -> {
                    if (!Noted.parse(nodes.place().note(ref)).id().equals(id)) {
                        throw ProviderCode.CONFLICT.problem(
                                "that is not the last update of " + ref,
                                "only the last one is remembered");
                    }
                    return controller.firmware().progress(id);
                });
    }

    @Override
    public BiosAttributes bios(InstanceRef ref) {
        return nodes.look("look at the BIOS of " + ref, ref, each -> each.firmware().bios());
    }

    @Override
    public void setBios(OperationToken token, InstanceRef ref, Map<String, Value> attributes) {
        nodes.change("set the BIOS of " + ref, ref, each -> each.firmware().setBios(attributes));
    }
}
