package dev.formwork.workflow.graph;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.Profile;
import dev.formwork.model.module.Template;
import dev.formwork.model.module.Workflow;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.machine.Machine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where the values of a workflow's inputs come from: machine, over its profiles, over the cluster
/// (`with`, its profiles), over the group (`with`, its profiles), over the packs' defaults
/// (docs/modules.md). Within a list the first that has a name counts. Immutable.
final class ParameterLayers {
    private final List<Layer> cluster;
    private final Map<String, List<Layer>> groups;
    private final Layer packs;

    /// @param name as people read it: `cluster demo`, `profile big of the machine`
    record Layer(String name, Map<String, Template> values) {}

    private ParameterLayers(List<Layer> cluster, Map<String, List<Layer>> groups, Layer packs) {
        this.cluster = List.copyOf(cluster);
        this.groups = Map.copyOf(groups);
        this.packs = packs;
    }

    /// @param problems gets `profile.unknown`, and `param.unknown` for a default that is the input
    ///   of no workflow
    static ParameterLayers of(
            ClusterSpec cluster, Workflow workflow, Catalog catalog, Problems problems) {
        Set<String> names = workflow.inputs().keySet();
        List<Layer> own = new ArrayList<>();
        own.add(new Layer("cluster " + cluster.name(), cluster.with()));
        own.addAll(
                profiles(
                        cluster.profiles(),
                        "the cluster",
                        cluster.location(),
                        catalog,
                        names,
                        problems));
        Map<String, List<Layer>> groups = new LinkedHashMap<>();
        cluster.groups()
                .forEach((name, group) -> {
                    List<Layer> layers = new ArrayList<>();
                    layers.add(new Layer("group " + name, group.with()));
                    layers.addAll(
                            profiles(
                                    group.profiles(),
                                    "group " + name,
                                    group.location(),
                                    catalog,
                                    names,
                                    problems));
                    groups.put(name, layers);
                });
        checkDefaults(catalog, problems);
        Map<String, Template> defaults = new LinkedHashMap<>(catalog.defaults());
        defaults.keySet().retainAll(names);
        return new ParameterLayers(own, groups, new Layer("pack defaults", defaults));
    }

    /// What a machine and its profiles say about inputs of a workflow.
    ///
    /// @param problems gets `profile.unknown`
    static List<Layer> of(Machine machine, Set<String> names, Catalog catalog, Problems problems) {
        List<Layer> layers = new ArrayList<>();
        layers.add(new Layer("machine", constants(machine.params().values(), names, null)));
        layers.addAll(
                profiles(
                        machine.params().profiles(),
                        "machine " + machine.name(),
                        null,
                        catalog,
                        names,
                        problems));
        return layers;
    }

    /// What the workflow is given: its `inputs`.
    Map<String, Template> inputs() {
        List<Layer> all = new ArrayList<>(cluster);
        all.add(packs);
        return merged(all);
    }

    /// What a group gives its machines: whatever the cluster does not give itself.
    Map<String, Template> ofGroup(String group) {
        Map<String, Template> given = merged(groups.getOrDefault(group, List.of()));
        given.keySet().removeAll(merged(cluster).keySet());
        return given;
    }

    /// Those below the machine's own, the topmost first.
    List<Layer> below(String group) {
        List<Layer> all = new ArrayList<>(cluster);
        all.addAll(groups.getOrDefault(group, List.of()));
        all.add(packs);
        return all;
    }

    static Map<String, Template> merged(List<Layer> layers) {
        Map<String, Template> values = new LinkedHashMap<>();
        layers.forEach(layer -> layer.values().forEach(values::putIfAbsent));
        return values;
    }

    private static List<Layer> profiles(
            List<String> names,
            String of,
            @Nullable Location where,
            Catalog catalog,
            Set<String> inputs,
            Problems problems) {
        List<Layer> layers = new ArrayList<>();
        for (String name : names.reversed()) {
            Profile profile = catalog.profiles().get(name);
            if (profile == null) {
                problems.add(
                        where,
                        "profile.unknown",
                        "there is no profile " + name + ", which " + of + " takes",
                        didYouMean(name, catalog.profiles().keySet()));
                continue;
            }
            layers.add(
                    new Layer(
                            "profile " + name + " of " + of,
                            constants(profile.values(), inputs, profile.location())));
        }
        return layers;
    }

    private static Map<String, Template> constants(
            Value.Struct values, Set<String> names, @Nullable Location where) {
        Location place = where == null ? new Location("parameters", 1, 1) : where;
        Map<String, Template> constants = new LinkedHashMap<>();
        values.fields()
                .forEach((name, value) -> {
                    if (names.contains(name)) {
                        constants.put(name, new Template.Constant(value, place));
                    }
                });
        return constants;
    }

    private static void checkDefaults(Catalog catalog, Problems problems) {
        Set<String> known = catalog.parameters().keySet();
        catalog.defaults()
                .forEach((name, value) -> {
                    if (!known.contains(name)) {
                        problems.add(
                                value.location(),
                                "param.unknown",
                                "no workflow has an input " + Names.abbreviate(name),
                                didYouMean(name, known));
                    }
                });
    }

    private static @Nullable String didYouMean(String name, Collection<String> known) {
        return Names.nearest(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse(null);
    }
}
