package dev.formwork.cli.validate;

import static dev.formwork.cli.terminal.Words.count;

import dev.formwork.cli.catalog.OfflinePacks;
import dev.formwork.cli.plan.PackFinder;
import dev.formwork.model.Location;
import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.BootEnvironment;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Workflow;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.yaml.BootServerLoader;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.model.yaml.DocumentKind;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.model.yaml.ModuleTestLoader;
import dev.formwork.model.yaml.PackLoader;
import dev.formwork.model.yaml.PriceLoader;
import dev.formwork.model.yaml.ProfileLoader;
import dev.formwork.workflow.boot.CompiledBootEnvironment;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.placement.Offers;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlanRequest;
import dev.formwork.workflow.plan.Planner;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.schema.Schemas;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Checks what lies at a path, whatever it is, as far as that goes without an engine: what only the
/// engine knows (machines by name, outputs of other clusters) is taken to be there.
final class Validation {
    private static final Set<String> ONLY_THE_ENGINE_KNOWS =
            Set.of("cluster.no-output", "machine.taken");

    /// Files that are looked at in a folder, beside its modules.
    private static final List<String> LOOSE = List.of("cluster.yaml", "pool.yaml", "prices.yaml");

    private final OfflinePacks packs;
    private final List<Path> named;
    private final Problems problems = new Problems();
    private final List<String> checked = new ArrayList<>();

    /// @param problems all there are, the same one once
    /// @param checked what was looked at, in words
    record Result(List<Problem> problems, List<String> checked) {}

    /// @param named packs used as well
    Validation(OfflinePacks packs, List<Path> named) {
        this.packs = packs;
        this.named = named;
    }

    Result of(Path path) {
        if (!Files.exists(path)) {
            throw ProblemException.of(
                    "cli.unreadable-file", "there is no " + packs.shown(path), null);
        }
        if (Files.isDirectory(path)) {
            folder(path);
        } else {
            file(path);
        }
        return new Result(problems.all().stream().distinct().toList(), List.copyOf(checked));
    }

    private void folder(Path folder) {
        if (Files.exists(folder.resolve(PackLoader.FILE))) {
            pack(folder);
            LOOSE.stream().map(folder::resolve).filter(Files::exists).forEach(this::declared);
        } else if (Files.exists(folder.resolve(ModuleLoader.FILE))) {
            module(folder);
        } else if (LOOSE.stream().map(folder::resolve).anyMatch(Files::exists)) {
            LOOSE.stream().map(folder::resolve).filter(Files::exists).forEach(this::declared);
        } else {
            throw ProblemException.of(
                    "cli.nothing-to-validate",
                    packs.shown(folder)
                            + " has no pack.yaml, module.yaml, cluster.yaml, pool.yaml or prices.yaml",
                    "name a file, or a folder that has one of them");
        }
    }

    private void file(Path file) {
        Path folder = Optional.ofNullable(file.getParent()).orElse(file);
        String name = String.valueOf(file.getFileName());
        String in = String.valueOf(folder.getFileName());
        if (name.equals(PackLoader.FILE)) {
            pack(folder);
        } else if (name.equals(ModuleLoader.FILE)) {
            module(folder);
        } else if (in.equals("tests")) {
            collect(() -> ModuleTestLoader.load(packs.shown(file), text(file)))
                    .ifPresent(test -> checked.add("test: " + test.name()));
        } else if (in.equals("profiles")) {
            collect(() -> ProfileLoader.loadAll(packs.shown(file), text(file)))
                    .ifPresent(profiles -> checked.add(count(profiles.size(), "profile")));
        } else {
            declared(file);
        }
    }

    /// A file of what an engine is told, as its first document says.
    private void declared(Path file) {
        switch (DocumentKind.of(text(file)).orElse("Cluster")) {
            case "Pool" ->
                    collect(() -> Pool.read(packs.shown(file), text(file)))
                            .ifPresent(pool -> checked.add("pool " + pool.name()));
            case "Prices" ->
                    collect(() -> PriceLoader.load(packs.shown(file), text(file)))
                            .ifPresent(table ->
                                    checked.add(
                                            count(table.prices().size(), "price")
                                                    + " in "
                                                    + table.currency()));
            case "BootServer" ->
                    collect(() -> BootServerLoader.load(packs.shown(file), text(file)))
                            .ifPresent(_ -> checked.add("boot server"));
            default -> clusters(file);
        }
    }

    private void pack(Path folder) {
        Catalog own = packs.pack(folder, problems);
        Catalog all = packs.around(folder, named, new Problems()).with(own);
        for (LoadedModule module : own.modules().values()) {
            Path root = packs.folderOf(module.module().name(), folder).orElse(folder);
            workings(module, all, folder);
            tests(module, root);
        }
        checked.add(
                "pack: "
                        + count(own.modules().size(), "module")
                        + ", "
                        + count(own.profiles().size(), "profile"));
    }

    private void module(Path folder) {
        collect(() -> packs.module(folder))
                .ifPresent(module -> {
                    Problems ofPacks = new Problems();
                    Catalog all =
                            packs.around(folder, named, ofPacks)
                                    .with(Catalog.of(List.of(module), List.of()));
                    workings(module, all, folder);
                    tests(module, folder);
                    checked.add("module " + module.module().name());
                });
    }

    private void tests(LoadedModule module, Path folder) {
        try {
            int number = ModuleTestLoader.loadAll(module).size();
            if (number > 0) {
                checked.add(module.module().name() + ": " + count(number, "test"));
            }
        } catch (ProblemException e) {
            e.problems().forEach(problem -> problems.add(packs.below(folder, problem)));
        }
    }

    /// A workflow's expressions and steps; a boot environment's expressions.
    private void workings(LoadedModule module, Catalog all, Path folder) {
        if (module.module() instanceof BootEnvironment environment) {
            Problems found = new Problems();
            CompiledBootEnvironment.of(environment, found);
            found.all().forEach(problem -> problems.add(packs.below(folder, problem)));
        }
        if (module.module() instanceof Workflow workflow) {
            WorkflowCheck.problems(workflow, all)
                    .forEach(problem -> problems.add(packs.below(folder, problem)));
        }
    }

    private void clusters(Path file) {
        collect(() -> ClusterLoader.loadAll(packs.shown(file), text(file)))
                .ifPresent(clusters -> {
                    Catalog catalog = packs.around(file, named, problems);
                    clusters.forEach(cluster -> cluster(cluster, catalog, file));
                });
    }

    private void cluster(ClusterSpec cluster, Catalog catalog, Path file) {
        Planner planner = new Planner(new Fingerprinter(bytes -> bytes), new Schemas());
        try {
            Plan plan = planner.plan(request(cluster, catalog));
            checked.add(
                    "cluster %s: workflow %s, %s on %s"
                            .formatted(
                                    cluster.name(),
                                    cluster.workflow(),
                                    count(plan.summary().run(), "step"),
                                    count(plan.members().size(), "machine")));
        } catch (ProblemException e) {
            Path pack = PackFinder.around(file).orElse(file);
            e.problems().stream()
                    .filter(problem -> !ONLY_THE_ENGINE_KNOWS.contains(problem.code()))
                    .map(problem -> isOf(problem, file) ? problem : packs.below(pack, problem))
                    .forEach(problems::add);
        }
    }

    private boolean isOf(Problem problem, Path file) {
        Location at = problem.location();
        return at == null || at.file().equals(packs.shown(file));
    }

    private static PlanRequest request(ClusterSpec cluster, Catalog catalog) {
        return new PlanRequest(
                cluster.name(),
                Plan.Kind.APPLY,
                Optional.of(cluster),
                "",
                catalog,
                new TreeMap<>(),
                Optional.empty(),
                machines(cluster),
                List.of(),
                _ -> Optional.empty(),
                Map.of(),
                new TreeMap<>(),
                pools(cluster),
                Offers.UNKNOWN);
    }

    /// Pools that the cluster names are taken to be there.
    private static Map<String, PoolSpec> pools(ClusterSpec cluster) {
        Map<String, PoolSpec> pools = new TreeMap<>();
        for (ClusterSpec.Group group : cluster.groups().values()) {
            if (group.members() instanceof ClusterSpec.Members.Pooled pooled) {
                pools.put(
                        pooled.pool(),
                        new PoolSpec(
                                pooled.pool(),
                                Optional.empty(),
                                Optional.empty(),
                                new PoolSpec.Clean.Nothing(),
                                group.location()));
            }
        }
        return pools;
    }

    /// Machines that the cluster names are taken to be there.
    private static Collection<Machine> machines(ClusterSpec cluster) {
        List<Machine> machines = new ArrayList<>();
        for (ClusterSpec.Group group : cluster.groups().values()) {
            if (group.members() instanceof ClusterSpec.Members.Named(List<String> names)) {
                names.forEach(name -> machines.add(machine(name)));
            }
        }
        return machines;
    }

    private static Machine machine(String name) {
        return Machine.begun(
                new MachineId("m-" + name),
                name,
                Optional.empty(),
                Optional.empty(),
                Machine.State.BOOTING);
    }

    private <T> Optional<T> collect(Supplier<T> load) {
        try {
            return Optional.of(load.get());
        } catch (ProblemException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    private String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw ProblemException.of(
                    "cli.unreadable-file", "cannot read " + packs.shown(file) + ": " + e, null);
        }
    }
}
