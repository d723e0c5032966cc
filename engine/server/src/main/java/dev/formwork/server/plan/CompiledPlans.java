package dev.formwork.server.plan;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Profile;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ClusterLoader;
import dev.formwork.model.yaml.PackLoader;
import dev.formwork.server.module.PackStore;
import dev.formwork.workflow.engine.CompiledPlan;
import dev.formwork.workflow.engine.ComposedPlan;
import dev.formwork.workflow.engine.PlanSource;
import dev.formwork.workflow.graph.Composer;
import dev.formwork.workflow.graph.Composition;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.schema.Schemas;
import dev.formwork.workflow.store.Store;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Stored plans, and their compiled form: from the cluster's YAML, the locked modules and the
/// profiles that each plan names, so that it is the same every time. Those asked for last are kept.
/// Thread-safe.
public final class CompiledPlans implements PlanSource {
    private static final int KEPT = 32;

    private final Store store;
    private final PackStore packs;
    private final Schemas schemas;
    private final Map<String, CompiledPlan> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, CompiledPlan> eldest) {
                    return size() > KEPT;
                }
            };

    public CompiledPlans(Store store, PackStore packs, Schemas schemas) {
        this.store = store;
        this.packs = packs;
        this.schemas = schemas;
    }

    /// @throws ProblemException `plan.unknown`
    public Plan plan(String digest) {
        synchronized (kept) {
            CompiledPlan compiled = kept.get(digest);
            if (compiled != null) {
                return compiled.plan();
            }
        }
        return store.plan(digest)
                .orElseThrow(() ->
                        ProblemException.of(
                                "plan.unknown",
                                "there is no plan " + Names.abbreviate(digest),
                                "make one: formwork plan"));
    }

    /// Of plans that are no longer stored.
    void forget(Collection<String> digests) {
        synchronized (kept) {
            kept.keySet().removeAll(digests);
        }
    }

    @Override
    public CompiledPlan compiled(String planDigest) {
        synchronized (kept) {
            CompiledPlan compiled = kept.get(planDigest);
            if (compiled != null) {
                return compiled;
            }
        }
        CompiledPlan compiled = compile(plan(planDigest));
        synchronized (kept) {
            kept.put(planDigest, compiled);
        }
        return compiled;
    }

    private CompiledPlan compile(Plan plan) {
        return new ComposedPlan(plan, composition(plan), packs::module, schemas);
    }

    /// The cluster with all that it uses, as the plan had it; none of a plan that destroys.
    public Optional<Composition> composition(Plan plan) {
        if (plan.kind() == Plan.Kind.DESTROY) {
            return Optional.empty();
        }
        ClusterSpec spec = ClusterLoader.load("cluster.yaml", plan.source().clusterYaml());
        List<LoadedModule> modules =
                plan.source().modules().stream().map(lock -> packs.module(lock.digest())).toList();
        List<Profile> profiles =
                plan.source().profiles().entrySet().stream()
                        .map(profile ->
                                packs.find(profile.getValue())
                                        .pack()
                                        .catalog()
                                        .profiles()
                                        .get(profile.getKey()))
                        .toList();
        Problems problems = new Problems();
        Optional<Composition> composition =
                Composer.compose(
                        spec,
                        Catalog.of(modules, profiles)
                                .withDefaults(defaults(plan.source().pinned().defaults())),
                        problems);
        problems.throwIfAny();
        return composition;
    }

    private static Map<String, Template.Constant> defaults(Map<String, Value> pinned) {
        Map<String, Template.Constant> defaults = new LinkedHashMap<>();
        Location place = new Location(PackLoader.FILE, 1, 1);
        pinned.forEach((name, value) -> defaults.put(name, new Template.Constant(value, place)));
        return defaults;
    }
}
