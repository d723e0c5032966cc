package dev.formwork.model.module;

import dev.formwork.model.Location;
import dev.formwork.model.value.Value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a user declares: groups of machines, a workflow, values, bindings.
///
/// @param name a DNS label; part of the machines' names
/// @param workflow the module to apply
/// @param profiles names of profiles, later ones over earlier ones, all below `with`
/// @param bind interface name to module name
/// @param with inputs of the workflow; only `clusters.*` may be read in expressions
public record ClusterSpec(
        String name,
        String workflow,
        Map<String, Group> groups,
        List<String> profiles,
        Map<String, String> bind,
        Map<String, Template> with,
        Location location) {
    public ClusterSpec {
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        profiles = List.copyOf(profiles);
        bind = Map.copyOf(bind);
        with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
    }

    /// One group of machines.
    ///
    /// @param profiles as those of the cluster, and below the cluster's values
    /// @param bind bindings that hold for steps on this group only, over the cluster's
    /// @param with parameters of its machines, where the cluster says nothing
    public record Group(
            String name,
            Members members,
            List<String> profiles,
            Map<String, String> bind,
            Map<String, Template> with,
            Location location) {
        public Group {
            profiles = List.copyOf(profiles);
            bind = Map.copyOf(bind);
            with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
        }
    }

    /// Names of every profile that it or one of its groups takes.
    public SortedSet<String> allProfiles() {
        TreeSet<String> all = new TreeSet<>(profiles);
        groups.values().forEach(group -> all.addAll(group.profiles()));
        return all;
    }

    /// Where a group's machines come from.
    public sealed interface Members {
        /// Made by a provider.
        ///
        /// @param machine what the provider is asked for, in its own words (`machine:` in YAML)
        record Made(int count, String provider, Value.Struct machine) implements Members {}

        /// Made in one of several places.
        ///
        /// @param places in the order written; at least one
        /// @param goesOn whether another place may be tried when one is out of quota
        record Placed(int count, List<Place> places, boolean goesOn, Prefer prefer)
                implements Members {
            public Placed {
                places = List.copyOf(places);
            }
        }

        /// Taken from a pool, and given back to it.
        ///
        /// @param where which of the pool's machines will do, CEL over `machine`; any where it is
        ///   empty
        record Pooled(int count, String pool, Optional<Expression> where) implements Members {}

        /// Machines that exist, by name.
        record Named(List<String> machines) implements Members {
            public Named {
                machines = List.copyOf(machines);
            }
        }
    }

    /// Which of the places that may have a machine gets it.
    public enum Prefer {
        /// As their weights say.
        WEIGHTS,
        /// The one with the lowest price.
        CHEAPEST
    }

    /// Where a machine of a group may be made.
    ///
    /// @param machine what the provider is asked for, in its own words
    /// @param weight its share of the group, beside those of the other places
    /// @param most how many machines of the group it may have
    /// @param when holds for those machines that may be made there; reads `machine` and
    ///   `cluster.name`
    public record Place(
            String provider,
            Value.Struct machine,
            int weight,
            Optional<Integer> most,
            Optional<Expression> when,
            Location location) {}
}
