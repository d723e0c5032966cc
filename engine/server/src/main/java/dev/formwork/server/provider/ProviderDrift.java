package dev.formwork.server.provider;

import dev.formwork.provider.Instance;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.store.Store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Asks the providers of a cluster's machines whether they still have them, and tells the core what
/// is gone. Thread-safe.
public final class ProviderDrift {
    private final Store store;
    private final EngineLoop loop;
    private final ProviderWorker worker;

    public ProviderDrift(Store store, EngineLoop loop, ProviderWorker worker) {
        this.store = store;
        this.loop = loop;
        this.worker = worker;
    }

    /// What is gone, in words; when it returns, the core knows it for good.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.*` where one can't be asked
    public List<String> observe(String cluster) {
        Map<String, List<Machine>> byProvider = new HashMap<>();
        for (Machine machine : store.machines()) {
            if (isHeld(machine, cluster)) {
                byProvider
                        .computeIfAbsent(machine.provider().orElseThrow(), _ -> new ArrayList<>())
                        .add(machine);
            }
        }
        List<String> drift = new ArrayList<>();
        byProvider.forEach((provider, machines) -> drift.addAll(gone(provider, machines)));
        return drift;
    }

    private List<String> gone(String provider, List<Machine> machines) {
        Set<String> there = new HashSet<>();
        for (Instance instance : worker.list(provider)) {
            there.add(instance.ref().value());
        }
        List<String> words = new ArrayList<>();
        for (Machine machine : machines) {
            if (!there.contains(machine.instance().orElseThrow())) {
                EngineLoop.join(loop.call(new Input.InstanceGone(machine.id()), Reply.Done.class));
                words.add("%s is gone from %s".formatted(machine.name(), provider));
            }
        }
        return words;
    }

    private static boolean isHeld(Machine machine, String cluster) {
        return machine.provider().isPresent()
                && machine.instance().isPresent()
                && machine.placement().filter(at -> at.cluster().equals(cluster)).isPresent()
                && switch (machine.state()) {
                    case BOOTING, HELD, READY, UNREACHABLE -> true;
                    case REQUESTED, GONE, REMOVING -> false;
                };
    }
}
