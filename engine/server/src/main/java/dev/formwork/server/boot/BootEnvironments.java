package dev.formwork.server.boot;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.BootEnvironment;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.value.Value;
import dev.formwork.server.module.PackStore;
import dev.formwork.workflow.boot.CompiledBootEnvironment;
import dev.formwork.workflow.graph.Parameter;
import dev.formwork.workflow.machine.Machine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which boot environment a machine's parameters say, and what it is for that machine. Thread-safe.
public final class BootEnvironments {
    private static final int MOST_COMPILED = 100;

    private final PackStore packs;
    private final Map<String, CompiledBootEnvironment> compiled = new ConcurrentHashMap<>();

    BootEnvironments(PackStore packs) {
        this.packs = packs;
    }

    /// Empty where the machine's parameters name none.
    ///
    /// @throws ProblemException `boot.unknown-environment`, and what is wrong with it
    Optional<Chosen> of(Machine machine) {
        if (machine.params().values().fields().isEmpty() && machine.params().profiles().isEmpty()) {
            return Optional.empty();
        }
        Catalog catalog = packs.everything().catalog();
        Map<String, Value> values = new HashMap<>();
        catalog.defaults().forEach((input, value) -> values.put(input, value.value()));
        Parameter.of(machine, catalog)
                .forEach(parameter -> values.put(parameter.name(), parameter.value()));
        if (!(values.get(BootEnvironment.PARAMETER) instanceof Value.Text(String name))) {
            return Optional.empty();
        }
        return Optional.of(new Chosen(compiled(require(name, catalog)), machine, values));
    }

    /// @throws ProblemException `boot.unknown-environment`
    public static LoadedModule require(String name, Catalog catalog) {
        return catalog.find(name)
                .filter(module -> module.module() instanceof BootEnvironment)
                .orElseThrow(() -> {
                    List<String> known =
                            catalog.modules().values().stream()
                                    .map(LoadedModule::module)
                                    .filter(BootEnvironment.class::isInstance)
                                    .map(module -> module.name())
                                    .toList();
                    return ProblemException.of(
                            "boot.unknown-environment",
                            "there is no boot environment " + Names.abbreviate(name),
                            Names.nearest(name, known)
                                    .map("did you mean %s?"::formatted)
                                    .orElse(
                                            "`formwork modules` lists what there is; `serve"
                                                    + " --pack` adds one"));
                });
    }

    private CompiledBootEnvironment compiled(LoadedModule module) {
        if (compiled.size() > MOST_COMPILED) {
            compiled.clear();
        }
        return compiled.computeIfAbsent(
                module.files().digest(),
                _ -> {
                    Problems problems = new Problems();
                    CompiledBootEnvironment made =
                            CompiledBootEnvironment.of((BootEnvironment) module.module(), problems);
                    problems.throwIfAny();
                    return made;
                });
    }

    /// One of one machine.
    ///
    /// @param values the machine's parameters
    record Chosen(CompiledBootEnvironment compiled, Machine machine, Map<String, Value> values) {
        BootEnvironment environment() {
            return compiled.environment();
        }

        /// @param server where the machine has reached its boot server: host and port
        /// @throws ProblemException as [CompiledBootEnvironment#arguments]
        BootDesk.MadeEnvironment make(String server) {
            BootEnvironment environment = environment();
            return new BootDesk.MadeEnvironment(
                    environment.name(),
                    environment.kernel(),
                    environment.initrds(),
                    compiled.arguments(given(server)));
        }

        /// @throws ProblemException as [CompiledBootEnvironment#file]
        Optional<String> file(String path, String server) {
            return compiled.file(path, given(server));
        }

        private CompiledBootEnvironment.Given given(String server) {
            String root = "http://" + server + "/";
            return new CompiledBootEnvironment.Given(
                    machine,
                    values,
                    Map.of(
                            CompiledBootEnvironment.SERVER,
                            server,
                            CompiledBootEnvironment.FILES,
                            root + FileSource.FILES + machine.id(),
                            CompiledBootEnvironment.DONE,
                            root + FileSource.DONE + machine.id()));
        }
    }
}
