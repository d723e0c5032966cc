package dev.formwork.workflow.engine;

import dev.formwork.model.Problems;
import dev.formwork.model.RunId;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.workflow.graph.Composer;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.placement.Offers;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlanRequest;
import dev.formwork.workflow.plan.Planner;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.schema.Schemas;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a user writes, from its YAML through loader, composer and planner into the engine's core,
/// and machines that do all they are given: at once as much as they are given, and the one that
/// began first ends first.
final class YamlRig {
    /// What a script says that ends badly.
    static final String FAILS = "fails";

    /// What a script says that never ends by itself.
    static final String HANGS = "hangs";

    private static final Duration PATIENCE = Duration.ofHours(3);

    /// A job that an agent has begun.
    private record Begun(String machine, JobRecord job, Task task, String answer, Instant end) {
        boolean hangs() {
            return answer.equals(HANGS);
        }
    }

    final Rig rig;
    private final List<String> machines;
    private final Instant start;
    private final Schemas schemas = new Schemas();
    private final Map<String, LoadedModule> modules = new TreeMap<>();
    private final Map<String, LoadedModule> byDigest = new HashMap<>();
    private final Map<String, List<String>> answers = new HashMap<>();
    private final Map<String, List<Duration>> begun = new HashMap<>();
    private final Map<String, Value.Struct> inputs = new HashMap<>();
    private final List<Begun> open = new ArrayList<>();
    private final List<String> journal = new ArrayList<>();

    YamlRig(String... machines) {
        rig = new Rig(machines);
        start = rig.now();
        this.machines = Stream.concat(Stream.of(machines), Stream.of(NodeKey.ENGINE)).toList();
    }

    /// A workflow over the group `m`.
    ///
    /// @param rest more keys of it, a line each
    static String workflow(String name, String rest, String steps) {
        return "kind: Workflow\nname: %s\nversion: 1.0.0\ngroups: [m]\n%ssteps:\n%s"
                .formatted(name, rest.isEmpty() ? "" : rest + "\n", steps.indent(2));
    }

    /// Adds a module, or puts it in the place of that of its name.
    YamlRig module(String yaml) {
        FileTree folder =
                new FileTree(Map.of(ModuleLoader.FILE, yaml.getBytes(StandardCharsets.UTF_8)));
        LoadedModule module = ModuleLoader.load(folder);
        modules.put(module.module().header().name(), module);
        byDigest.put(module.lock().digest(), module);
        return this;
    }

    /// What the attempts at a node say one after the other, the last one ever after: [#FAILS],
    /// [#HANGS], or what each of its outputs is.
    YamlRig says(String node, String... inTurn) {
        answers.put(node, List.of(inTurn));
        return this;
    }

    /// Plans and starts; what runs is up to [#play].
    RunId start(String clusterYaml) {
        ClusterSpec cluster = ClusterLoader.load("cluster.yaml", clusterYaml);
        Catalog catalog = Catalog.of(List.copyOf(modules.values()), List.of());
        PlanRequest request =
                new PlanRequest(
                        cluster.name(),
                        Plan.Kind.APPLY,
                        Optional.of(cluster),
                        clusterYaml,
                        catalog,
                        new TreeMap<>(),
                        rig.store.cluster(cluster.name()),
                        rig.store.machines(),
                        rig.store.results(cluster.name()),
                        lock -> Optional.ofNullable(byDigest.get(lock.digest())),
                        Map.of(),
                        new TreeMap<>(),
                        rig.store.pools().stream()
                                .collect(Collectors.toMap(Pool::name, Pool::spec)),
                        Offers.UNKNOWN);
        Plan plan = new Planner(Rig.FINGERPRINTER, schemas).plan(request);
        Problems problems = new Problems();
        ComposedPlan composed =
                new ComposedPlan(
                        plan,
                        Composer.compose(cluster, catalog, problems),
                        digest -> Objects.requireNonNull(byDigest.get(digest)),
                        schemas);
        problems.throwIfAny();
        if (rig.start(composed) instanceof Reply.Refused(var problem)) {
            throw problem.exception();
        }
        return rig.run;
    }

    /// A run from the plan to its end, and what its journal is.
    List<String> apply(String clusterYaml) {
        start(clusterYaml);
        return play();
    }

    /// Tries again what failed, to the end.
    List<String> retry() {
        rig.retry();
        return play();
    }

    /// Works until no run is open.
    ///
    /// @return what happened: `+step@machine` where a script began, `-` where it ended well, `!`
    ///   where it did not
    List<String> play() {
        journal.clear();
        Instant deadline = rig.now().plus(PATIENCE);
        while (!rig.store.openRuns().isEmpty()) {
            if (!begin() && !endFirst()) {
                pass(deadline);
            }
        }
        return List.copyOf(journal);
    }

    private boolean begin() {
        boolean any = false;
        for (String machine : machines) {
            JobRecord[] running =
                    open.stream()
                            .filter(begun -> begun.machine.equals(machine))
                            .map(Begun::job)
                            .toArray(JobRecord[]::new);
            Reply.Polled polled = rig.poll(machine, running);
            for (Reply.Offer offer : polled.jobs()) {
                begin(machine, offer);
                any = true;
            }
            for (Reply.CancelOrder order : polled.cancel()) {
                Begun ended = begun(order);
                end(ended, Outcome.CANCELLED);
                any = true;
            }
        }
        return any;
    }

    private Begun begun(Reply.CancelOrder order) {
        return open.stream()
                .filter(begun -> begun.job.id().equals(order.job()))
                .findFirst()
                .orElseThrow();
    }

    private void begin(String machine, Reply.Offer offer) {
        JobRecord job = offer.job();
        String node = job.key().toString();
        List<Duration> before = begun.computeIfAbsent(node, _ -> new ArrayList<>());
        List<String> said = answers.getOrDefault(node, List.of("ok"));
        String answer = said.get(Math.min(before.size(), said.size() - 1));
        before.add(Duration.between(start, rig.now()));
        inputs.put(node, job.inputs());
        rig.started(machine, job);
        Instant end = rig.now().plus(job.timeout());
        open.add(new Begun(machine, job, offer.task(), answer, end));
        journal.add("+" + node);
    }

    private boolean endFirst() {
        Optional<Begun> first = open.stream().filter(begun -> !begun.hangs()).findFirst();
        first.ifPresent(begun ->
                end(begun, begun.answer.equals(FAILS) ? Outcome.FAILED : Outcome.SUCCEEDED));
        return first.isPresent();
    }

    private void end(Begun ended, Outcome outcome) {
        boolean well = outcome == Outcome.SUCCEEDED;
        open.remove(ended);
        journal.add((well ? "-" : "!") + ended.job.key());
        Map<String, Value> outputs = new TreeMap<>();
        if (well && ended.job.mode() == JobRecord.Mode.RUN) {
            ended.task
                    .outputs()
                    .keySet()
                    .forEach(name -> outputs.put(name, Value.of(ended.answer)));
        }
        rig.report(ended.machine, ended.job, outcome, Value.of(outputs));
    }

    /// Goes on to when something falls due; agents end what has run too long.
    private void pass(Instant deadline) {
        Instant next =
                Stream.concat(rig.core().nextWake().stream(), open.stream().map(Begun::end))
                        .min(Instant::compareTo)
                        .orElse(deadline);
        if (!next.isBefore(deadline)) {
            throw new AssertionError("it does not end: " + states());
        }
        rig.pass(Duration.between(rig.now(), next.isAfter(rig.now()) ? next : rig.now()));
        List.copyOf(open).stream()
                .filter(begun -> !begun.end.isAfter(rig.now()))
                .forEach(begun -> end(begun, Outcome.TIMED_OUT));
    }

    // What has come of it

    /// The run that was started last.
    RunRecord run() {
        return rig.store.run(rig.run).orElseThrow();
    }

    NodeRecord node(String key) {
        return rig.node(NodeKey.parse(key));
    }

    /// When the attempts at a node began, counted from the start of all.
    List<Duration> begun(String node) {
        return begun.getOrDefault(node, List.of());
    }

    /// What a node was given last.
    Value input(String node, String name) {
        return Objects.requireNonNull(Objects.requireNonNull(inputs.get(node)).fields().get(name));
    }

    Map<String, String> states() {
        Map<String, String> states = new TreeMap<>();
        rig.store
                .nodes(rig.run)
                .forEach(node ->
                        states.put(node.key().toString(), node.state() + " " + node.reason()));
        return states;
    }

    /// The most scripts of a step, on whatever machine, that ran at a time.
    static int most(String step, List<String> journal) {
        int running = 0;
        int most = 0;
        for (String line : journal) {
            if (NodeKey.parse(line.substring(1)).path().equals(step)) {
                running += line.startsWith("+") ? 1 : -1;
                most = Math.max(most, running);
            }
        }
        return most;
    }

    /// The scripts that began, in order.
    static List<String> began(List<String> journal) {
        return journal.stream()
                .filter(line -> line.startsWith("+"))
                .map(line -> line.substring(1))
                .toList();
    }
}
