package dev.formwork.server.machine;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.BootEnvironment;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.value.Value;
import dev.formwork.server.boot.BootEnvironments;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.module.PackStore;
import dev.formwork.server.plan.CompiledPlans;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.graph.Composition;
import dev.formwork.workflow.graph.Parameter;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.schema.Schemas;
import dev.formwork.workflow.store.Store;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is set for machines, and what comes of it (docs/modules.md). Thread-safe.
public final class MachineParameters {
    private static final Logger LOG = LoggerFactory.getLogger(MachineParameters.class);

    private final Store store;
    private final CompiledPlans plans;
    private final PackStore packs;
    private final EngineLoop loop;
    private final Schemas schemas = new Schemas();

    public MachineParameters(Store store, CompiledPlans plans, PackStore packs, EngineLoop loop) {
        this.store = store;
        this.plans = plans;
        this.packs = packs;
        this.loop = loop;
    }

    /// What a workflow of any pack takes as an input.
    ///
    /// @param type of its schema, where all workflows agree
    record Known(String name, Optional<String> type, boolean secret) {}

    List<Known> known() {
        return packs.everything().catalog().parameters().entrySet().stream()
                .map(entry ->
                        new Known(
                                entry.getKey(),
                                type(entry.getValue()),
                                entry.getValue().stream().anyMatch(InputSpec::secret)))
                .toList();
    }

    private static Optional<String> type(List<InputSpec> inputs) {
        List<Value> types =
                inputs.stream()
                        .map(input -> input.schema().fields().getOrDefault("type", Value.nil()))
                        .distinct()
                        .toList();
        return types.size() == 1 && types.getFirst() instanceof Value.Text(String type)
                ? Optional.of(type)
                : Optional.empty();
    }

    /// Every value with the layer that it comes from: of the plan that was last applied to its
    /// cluster, and of the machine as it is now.
    List<Parameter> of(Machine machine) {
        Catalog catalog = packs.everything().catalog();
        Optional<Machine.Placement> placement = machine.placement();
        if (placement.isPresent()) {
            String cluster = placement.get().cluster();
            Optional<RunRecord> last = store.runs(Optional.of(cluster), 1).stream().findFirst();
            if (last.isPresent()) {
                Plan plan = plans.plan(last.get().planDigest());
                Optional<Composition> composition = plans.composition(plan);
                if (composition.isPresent()) {
                    return composition
                            .get()
                            .parameters(
                                    machine,
                                    placement.get().group(),
                                    catalog,
                                    plan.source().pinned());
                }
            }
        }
        return Parameter.of(machine, catalog);
    }

    /// @throws ProblemException `param.unknown`, `profile.unknown`, `input.invalid`,
    ///   `boot.unknown-environment`, `machine.unknown`
    void set(
            Machine machine,
            Map<String, Value> set,
            Set<String> unset,
            Optional<List<String>> profiles,
            String by) {
        Catalog catalog = packs.everything().catalog();
        Map<String, List<InputSpec>> known = catalog.parameters();
        Problems problems = new Problems();
        Map<String, Value> values = new LinkedHashMap<>();
        set.forEach((name, value) -> {
            List<InputSpec> inputs = known.get(name);
            if (inputs == null) {
                problems.add(
                        null,
                        "param.unknown",
                        "no workflow has an input " + Names.abbreviate(name),
                        nearest(name, known.keySet(), "`formwork modules` lists what there is"));
                return;
            }
            if (name.equals(BootEnvironment.PARAMETER)
                    && value instanceof Value.Text(String environment)) {
                problems.addAll(objections(() -> BootEnvironments.require(environment, catalog)));
            }
            boolean secret = inputs.stream().anyMatch(InputSpec::secret);
            Value marked = secret ? new Value.Secret(value) : value;
            problems.addAll(fitsNone(name, marked, inputs));
            values.put(name, marked);
        });
        profiles.orElse(List.of()).stream()
                .filter(name -> !catalog.profiles().containsKey(name))
                .forEach(name ->
                        problems.add(
                                null,
                                "profile.unknown",
                                "there is no profile " + Names.abbreviate(name),
                                nearest(name, catalog.profiles().keySet(), null)));
        problems.throwIfAny();
        Input input = new Input.SetParams(machine.name(), values, unset, profiles, by);
        EngineLoop.join(loop.call(input, Reply.Done.class));
        LOG.info("parameters of {} set by {}: {}", machine.name(), by, values.keySet());
    }

    private static List<Problem> objections(Runnable check) {
        try {
            check.run();
            return List.of();
        } catch (ProblemException e) {
            return e.problems();
        }
    }

    /// What the last of them objects to, if none of them takes it.
    private List<Problem> fitsNone(String name, Value value, List<InputSpec> inputs) {
        List<Problem> objections = List.of();
        for (InputSpec input : inputs) {
            Problems mine = new Problems();
            schemas.validate(Schemas.Kind.INPUT, name, value, input.schema(), null, mine);
            objections = mine.all();
            if (objections.isEmpty()) {
                return objections;
            }
        }
        return objections;
    }

    private static @Nullable String nearest(
            String name, Collection<String> known, @Nullable String otherwise) {
        return Names.nearest(name, known).map("did you mean %s?"::formatted).orElse(otherwise);
    }
}
