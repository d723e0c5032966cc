package dev.formwork.server.module;

import dev.formwork.model.module.Pack;

import java.util.List;

/// `Pack` of the API.
record PackView(
        String name,
        String version,
        String digest,
        boolean builtIn,
        List<ModuleRef> modules,
        List<String> profiles) {
    static PackView of(StoredPack stored) {
        Pack pack = stored.pack();
        return new PackView(
                pack.name(),
                pack.version(),
                stored.digest(),
                stored.builtIn(),
                pack.catalog().modules().values().stream().map(ModuleRef::of).toList(),
                List.copyOf(pack.catalog().profiles().keySet()));
    }
}
