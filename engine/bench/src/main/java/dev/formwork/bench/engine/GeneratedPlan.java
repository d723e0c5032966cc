package dev.formwork.bench.engine;

import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Step;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.workflow.engine.CompiledPlan;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Pinned;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.graph.Until;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A plan without a cluster behind it: on every machine, one small step after the other. Machines
/// know nothing of each other, so as many nodes can run at a time as there are machines.
public record GeneratedPlan(Plan plan, LoadedModule task) implements CompiledPlan {
    private static final String MODULE =
            """
            kind: Task
            name: bench/tiny
            version: 1.0.0
            inputs:
              client_port: {type: integer, default: 2379}
            outputs:
              client_url: {type: string}
            run: echo "http://127.0.0.1:$INPUT_CLIENT_PORT" >"$FORMWORK_OUTPUTS/client_url"
            """;

    public static final Value.Struct INPUTS = Value.of(Map.of("client_port", Value.of(2379)));
    public static final Value.Struct OUTPUTS =
            Value.of(Map.of("client_url", Value.of("http://127.0.0.1:2379")));

    /// @param nodes a multiple of the number of machines
    public static GeneratedPlan of(String cluster, List<String> machines, int nodes) {
        LoadedModule task =
                ModuleLoader.load(
                        new FileTree(
                                Map.of("module.yaml", MODULE.getBytes(StandardCharsets.UTF_8))));
        List<PlannedNode> planned = new ArrayList<>();
        String last = "";
        for (int step = 0; step < nodes / machines.size(); step++) {
            String path = "step_" + step;
            for (String machine : machines) {
                TreeSet<NodeKey> after = new TreeSet<>();
                if (step > 0) {
                    after.add(NodeKey.of(last, machine));
                }
                planned.add(
                        new PlannedNode(
                                NodeKey.of(path, machine),
                                Action.STEP,
                                Decision.WILL_RUN,
                                "first time on this machine",
                                Set.of(),
                                after,
                                new TreeSet<>(),
                                Optional.of(task.lock()),
                                Optional.empty(),
                                Optional.empty()));
            }
            last = path;
        }
        Plan.Source source =
                new Plan.Source("", List.of(task.lock()), new TreeMap<>(), Pinned.NOTHING);
        return new GeneratedPlan(
                new Plan(cluster, Plan.Kind.APPLY, source, List.of(), planned, new TreeSet<>()),
                task);
    }

    @Override
    public StepWork work(NodeKey key) {
        return new Work(key, task);
    }

    @Override
    public Optional<Duration> limit(String workflow) {
        return Optional.empty();
    }

    @Override
    public LoadedModule module(String digest) {
        return task;
    }

    @Override
    public List<Place> places(String machine) {
        return List.of(new Place("local", "local", Value.Struct.EMPTY));
    }

    @Override
    public Value.Struct outputs(World world) {
        return Value.Struct.EMPTY;
    }

    private record Work(NodeKey key, LoadedModule module) implements StepWork {
        @Override
        public boolean event() {
            return false;
        }

        @Override
        public Optional<Step.Retry> retry() {
            return Optional.empty();
        }

        @Override
        public Optional<Until> until() {
            return Optional.empty();
        }

        @Override
        public Duration timeout() {
            return Task.DEFAULT_TIMEOUT;
        }

        @Override
        public Resolution<Boolean> when(World world) {
            return new Resolution.Known<>(true);
        }

        @Override
        public boolean parallel() {
            return false;
        }

        @Override
        public boolean hasMutex() {
            return false;
        }

        @Override
        public Resolution<Optional<Mutex>> mutex(World world) {
            return new Resolution.Known<>(Optional.empty());
        }

        @Override
        public Resolution<Value.Struct> inputs(World world) {
            return new Resolution.Known<>(INPUTS);
        }

        @Override
        public Value.Struct knownInputs(World world) {
            return INPUTS;
        }
    }
}
