package dev.formwork.workflow.graph;

import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.Profile;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.machine.Machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/// The value of one parameter on one machine, and where it comes from.
///
/// @param layer in words: `machine`, `profile big of machine rack-1`, `cluster demo`, `default`,
///   ...
/// @param hides what other layers say, the topmost first
public record Parameter(String name, Value value, String layer, List<Hidden> hides) {
    public Parameter {
        hides = List.copyOf(hides);
    }

    /// What a lower layer says.
    public record Hidden(String layer, Value value) {}

    /// Of a machine that is in no cluster: what it and its profiles say.
    ///
    /// @param catalog tells which values are secret, and has the profiles
    public static List<Parameter> of(Machine machine, Catalog catalog) {
        Set<String> names = names(machine, catalog);
        List<ParameterLayers.Layer> layers =
                ParameterLayers.of(machine, names, catalog, new Problems());
        return of(
                names,
                layers,
                (name, template) ->
                        template instanceof Template.Constant(Value value, _)
                                ? marked(name, value, catalog)
                                : Value.nil());
    }

    /// Every name that a machine or one of its profiles gives.
    static Set<String> names(Machine machine, Catalog catalog) {
        Set<String> names = new TreeSet<>(machine.params().values().fields().keySet());
        for (String profile : machine.params().profiles()) {
            Profile known = catalog.profiles().get(profile);
            if (known != null) {
                names.addAll(known.values().fields().keySet());
            }
        }
        return names;
    }

    /// @param layers the topmost first
    static List<Parameter> of(
            Set<String> names,
            List<ParameterLayers.Layer> layers,
            BiFunction<String, Template, Value> evaluate) {
        List<Parameter> parameters = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            List<Hidden> said = new ArrayList<>();
            for (ParameterLayers.Layer layer : layers) {
                Template template = layer.values().get(name);
                if (template != null) {
                    said.add(new Hidden(layer.name(), evaluate.apply(name, template)));
                }
            }
            if (!said.isEmpty()) {
                Hidden top = said.removeFirst();
                parameters.add(new Parameter(name, top.value(), top.layer(), said));
            }
        }
        return parameters;
    }

    /// A value that any workflow takes for a secret is one.
    static Value marked(String name, Value value, Catalog catalog) {
        boolean secret =
                catalog.parameters().getOrDefault(name, List.of()).stream()
                        .anyMatch(InputSpec::secret);
        return secret && !(value instanceof Value.Null) ? new Value.Secret(value) : value;
    }
}
