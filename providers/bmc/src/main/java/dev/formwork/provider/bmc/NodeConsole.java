package dev.formwork.provider.bmc;

import dev.formwork.provider.Console;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;

import java.io.IOException;

/// Reads what nodes printed on their serial ports.
public final class NodeConsole implements Console {
    private final BmcPlace place;

    public NodeConsole(BmcPlace place) {
        this.place = place;
    }

    @Override
    public ConsoleText read(InstanceRef ref, long offset, int most) {
        place.begin("read the console of " + ref);
        Claim claim = place.claim(ref);
        ManagedNode node = place.node(claim);
        if (node.controller().serialPort().isEmpty()) {
            throw ProviderCode.UNSUPPORTED.problem(
                    "the console of node %s is not kept".formatted(node.name()),
                    "give `console: true` for the node, or for the provider");
        }
        place.consoles().listen(claim, node);
        try {
            return place.consoles().read(ref, offset, most);
        } catch (IOException failed) {
            throw ProviderCode.UNAVAILABLE.problem(
                    "what node %s printed cannot be read: %s".formatted(node.name(), failed),
                    "see the provider's data directory");
        }
    }
}
