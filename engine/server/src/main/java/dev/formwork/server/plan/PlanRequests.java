package dev.formwork.server.plan;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.server.module.Library;
import dev.formwork.server.module.PackStore;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.placement.Offers;
import dev.formwork.workflow.plan.ModuleRun;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlanRequest;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.store.Store;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Puts together what a plan is made from: what is wished for, and all that is recorded.
final class PlanRequests {
    private final Store store;
    private final PackStore packs;
    private final Supplier<Offers> offers;
    private final SecureRandom random = new SecureRandom();

    PlanRequests(Store store, PackStore packs, Supplier<Offers> offers) {
        this.store = store;
        this.offers = offers;
        this.packs = packs;
    }

    /// A wish, read and checked, before any record is looked at.
    ///
    /// @param own a module made for this plan alone, to be stored with it
    record Prepared(
            Plan.Kind kind,
            String name,
            Optional<ClusterSpec> spec,
            String yaml,
            Library library,
            Optional<LoadedModule> own) {}

    /// @throws ProblemException what is wrong with the YAML; `cluster.unknown`, `pack.unknown`,
    ///   `module.unknown`, `run.*`
    Prepared prepare(Wish wish) {
        Library library = packs.library(wish.packs());
        return switch (wish.goal()) {
            case Wish.Goal.Apply(String file, String yaml) -> {
                ClusterSpec spec = ClusterLoader.load(file, yaml);
                yield new Prepared(
                        Plan.Kind.APPLY,
                        spec.name(),
                        Optional.of(spec),
                        yaml,
                        library,
                        Optional.empty());
            }
            case Wish.Goal.Destroy(String cluster) -> {
                requireKnown(cluster);
                yield new Prepared(
                        Plan.Kind.DESTROY,
                        cluster,
                        Optional.empty(),
                        "",
                        library,
                        Optional.empty());
            }
            case Wish.Goal.RunModule goal -> moduleRun(goal, library);
        };
    }

    /// For a cluster that is only looked at.
    Prepared prepare(ClusterSpec spec, Library library) {
        return new Prepared(
                Plan.Kind.APPLY, spec.name(), Optional.of(spec), "", library, Optional.empty());
    }

    /// With the records of now.
    PlanRequest request(Prepared wish) {
        SortedMap<String, String> profiles = new TreeMap<>(wish.library().profileDigests());
        profiles.keySet()
                .retainAll(wish.spec().map(ClusterSpec::allProfiles).orElse(new TreeSet<>()));
        return new PlanRequest(
                wish.name(),
                wish.kind(),
                wish.spec(),
                wish.yaml(),
                wish.library().catalog(),
                profiles,
                store.cluster(wish.name()),
                store.machines(),
                store.results(wish.name()),
                lock -> store.files(lock.digest()).map(_ -> packs.module(lock.digest())),
                Map.of(),
                outputsOfOthers(wish.name()),
                store.pools().stream().collect(Collectors.toMap(Pool::name, Pool::spec)),
                offers.get());
    }

    private Prepared moduleRun(Wish.Goal.RunModule goal, Library library) {
        Set<String> machines = new LinkedHashSet<>(goal.machines());
        goal.where().ifPresent(where -> machines.addAll(ModuleRun.select(where, store.machines())));
        byte[] bits = new byte[5];
        random.nextBytes(bits);
        ModuleRun run =
                ModuleRun.of(
                        "run-" + HexFormat.of().formatHex(bits),
                        library.catalog().require(goal.module()),
                        List.copyOf(machines),
                        goal.with());
        return new Prepared(
                Plan.Kind.MODULE,
                run.spec().name(),
                Optional.of(run.spec()),
                run.yaml(),
                library.with(Catalog.of(List.of(run.workflow()), List.of())),
                Optional.of(run.workflow()));
    }

    void check(PoolSpec pool) {
        Set<String> known = offers.get().providers().orElse(new TreeSet<>());
        pool.make()
                .map(PoolSpec.Make::provider)
                .filter(provider -> offers.get().providers().isPresent())
                .filter(provider -> !known.contains(provider))
                .ifPresent(provider -> {
                    throw ProblemException.of(
                            "provider.unknown",
                            "this engine has no provider " + Names.abbreviate(provider),
                            Names.nearest(provider, known)
                                    .map("did you mean %s?"::formatted)
                                    .orElse("set it up with `formwork serve --providers FILE`"));
                });
        if (pool.clean() instanceof PoolSpec.Clean.Run(String module)) {
            prepare(
                    new Wish(
                            new Wish.Goal.RunModule(
                                    module, List.of("any"), Optional.empty(), Value.Struct.EMPTY),
                            List.of(),
                            false));
        }
    }

    private SortedMap<String, Value> outputsOfOthers(String name) {
        TreeMap<String, Value> outputs = new TreeMap<>();
        store.clusters().stream()
                .filter(cluster -> !cluster.name().equals(name))
                .forEach(cluster ->
                        cluster.outputs()
                                .fields()
                                .forEach((output, value) ->
                                        outputs.put(cluster.name() + "." + output, value)));
        return outputs;
    }

    private void requireKnown(String name) {
        boolean known =
                store.cluster(name).isPresent() || !store.runs(Optional.of(name), 1).isEmpty();
        if (!known) {
            throw ProblemException.of(
                    "cluster.unknown",
                    "there is no cluster " + Names.abbreviate(name),
                    Names.nearest(name, store.clusters().stream().map(Cluster::name).toList())
                            .map("did you mean %s?"::formatted)
                            .orElse("`formwork clusters` lists what there is"));
        }
    }
}
