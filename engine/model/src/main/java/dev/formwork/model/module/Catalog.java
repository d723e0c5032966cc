package dev.formwork.model.module;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// All modules and profiles that a cluster may use, by name. Immutable.
///
/// @param defaults of packs: values of workflows' inputs by name, below all others but the schema's
public record Catalog(
        SortedMap<String, LoadedModule> modules,
        SortedMap<String, Profile> profiles,
        SortedMap<String, Template.Constant> defaults) {
    public static final Catalog EMPTY =
            new Catalog(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    public Catalog {
        modules = Collections.unmodifiableSortedMap(new TreeMap<>(modules));
        profiles = Collections.unmodifiableSortedMap(new TreeMap<>(profiles));
        defaults = Collections.unmodifiableSortedMap(new TreeMap<>(defaults));
    }

    public static Catalog of(Collection<LoadedModule> modules, Collection<Profile> profiles) {
        TreeMap<String, LoadedModule> byName = new TreeMap<>();
        modules.forEach(module -> byName.put(module.module().name(), module));
        TreeMap<String, Profile> profilesByName = new TreeMap<>();
        profiles.forEach(profile -> profilesByName.put(profile.name(), profile));
        return new Catalog(byName, profilesByName, new TreeMap<>());
    }

    /// This catalog with the other laid over it: where both have a name, the other's counts.
    public Catalog with(Catalog over) {
        TreeMap<String, LoadedModule> all = new TreeMap<>(modules);
        all.putAll(over.modules);
        TreeMap<String, Profile> allProfiles = new TreeMap<>(profiles);
        allProfiles.putAll(over.profiles);
        return new Catalog(all, allProfiles, defaults).withDefaults(over.defaults);
    }

    /// This catalog with further defaults laid over its own.
    public Catalog withDefaults(Map<String, Template.Constant> over) {
        TreeMap<String, Template.Constant> all = new TreeMap<>(defaults);
        all.putAll(over);
        return new Catalog(modules, profiles, all);
    }

    /// The inputs of all workflows and boot environments, and which of these it is: what can be set
    /// as a parameter. Several may have one of a name.
    public SortedMap<String, List<InputSpec>> parameters() {
        TreeMap<String, List<InputSpec>> all = new TreeMap<>();
        all.put(BootEnvironment.PARAMETER, new ArrayList<>(List.of(BootEnvironment.CHOICE)));
        modules.values().stream()
                .map(LoadedModule::module)
                .filter(module -> module instanceof Workflow || module instanceof BootEnvironment)
                .flatMap(module -> module.inputs().values().stream())
                .forEach(input ->
                        all.computeIfAbsent(input.name(), _ -> new ArrayList<>()).add(input));
        return all;
    }

    public Optional<LoadedModule> find(String name) {
        return Optional.ofNullable(modules.get(name));
    }

    /// The hint of `module.unknown`: the nearest name there is.
    public String hintFor(String name) {
        Map<String, LoadedModule> known = modules;
        return Names.nearest(name, known.keySet())
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("`formwork modules` lists what there is");
    }

    /// @throws dev.formwork.model.ProblemException `module.unknown`
    public LoadedModule require(String name) {
        return find(name)
                .orElseThrow(() ->
                        Problem.of(
                                        "module.unknown",
                                        "there is no module " + Names.abbreviate(name),
                                        hintFor(name))
                                .exception());
    }
}
