package dev.formwork.store.json;

import static dev.formwork.workflow.machine.NetworkBoot.Disk.UNTOUCHED;

import dev.formwork.model.hardware.Card;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.workflow.machine.BootClaim;
import dev.formwork.workflow.machine.NetworkBoot;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How a machine comes up from the network, in its document.
final class NetworkBootJson {
    private NetworkBootJson() {}

    static void write(NetworkBoot boot, ObjectNode json) {
        json.set("macs", Fields.textsOf(boot.hardware().macs()));
        boot.hardware().uuid().ifPresent(uuid -> json.put("uuid", uuid));
        boot.hardware().serial().ifPresent(serial -> json.put("serial", serial));
        boot.hardware().cloudId().ifPresent(id -> json.put("cloud_id", id));
        ArrayNode cards = json.putArray("cards");
        for (Card card : boot.cards()) {
            cards.addObject().put("mac", card.mac()).put("address", card.address());
        }
        json.put("admitted", boot.admitted());
        json.put("disk", boot.disk().name());
        ArrayNode claims = json.putArray("claims");
        for (BootClaim claim : boot.claims()) {
            claims.addObject()
                    .put("nonce_hash", claim.nonceHash())
                    .put("at", claim.at().toString())
                    .put("state", claim.state().name());
        }
    }

    static NetworkBoot read(Fields json) {
        return new NetworkBoot(
                new Hardware(
                        json.list("macs", mac -> mac),
                        json.maybeText("uuid"),
                        json.maybeText("serial"),
                        json.maybeText("cloud_id")),
                json.objects("cards")
                        .map(card -> new Card(card.text("mac"), card.text("address")))
                        .toList(),
                json.flag("admitted"),
                json.objects("claims")
                        .map(claim ->
                                new BootClaim(
                                        claim.text("nonce_hash"),
                                        claim.instant("at"),
                                        claim.constant("state", BootClaim.State.class)))
                        .toList(),
                // Not in records of before there were boot environments.
                json.maybeText("disk").map(NetworkBoot.Disk::valueOf).orElse(UNTOUCHED));
    }
}
