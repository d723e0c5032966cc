package dev.formwork.server.module;

import dev.formwork.model.module.Catalog;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// All modules and profiles of some packs, and which pack's files hold which profile.
///
/// @param profileDigests profile name to the digest of the pack that it comes from
public record Library(Catalog catalog, SortedMap<String, String> profileDigests) {
    public Library {
        profileDigests = Collections.unmodifiableSortedMap(new TreeMap<>(profileDigests));
    }

    static Library of(List<StoredPack> packs) {
        Catalog catalog = Catalog.EMPTY;
        TreeMap<String, String> profiles = new TreeMap<>();
        for (StoredPack stored : packs) {
            catalog = catalog.with(stored.pack().catalog());
            stored.pack()
                    .catalog()
                    .profiles()
                    .keySet()
                    .forEach(name -> profiles.put(name, stored.digest()));
        }
        return new Library(catalog, profiles);
    }

    /// This one with a catalog that is stored nowhere laid over it.
    public Library with(Catalog over) {
        return new Library(catalog.with(over), profileDigests);
    }
}
