package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.InMemoryStore;
import dev.formwork.workflow.tape.TapeEntry;
import dev.formwork.workflow.tape.Told;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;

/// A core on a store in memory, with one run in it, that hears what the run was told. Nobody else
/// is there: no agent asks, no time passes, no other run wants anything, unless the tape says so.
/// What is asked of agents and providers goes nowhere.
///
/// An entry that finds nothing to be about does nothing: then the two differ, and that shows.
final class DryEngine {
    private static final Credential NOBODY = new Credential(new MachineId("nobody"), "");

    private final RunRecord run;
    private final CompiledPlan plan;
    private final Collection<StepResult> results;
    private final EngineParts parts;
    private final Safeguards safeguards;
    private final InMemoryStore store = new InMemoryStore();
    private final Deque<String> named = new ArrayDeque<>();
    private EngineCore core;

    /// @param results recorded for the cluster when the run began
    DryEngine(
            RunRecord run,
            CompiledPlan plan,
            Collection<StepResult> results,
            EngineParts original,
            Safeguards safeguards) {
        this.run = run;
        this.plan = plan;
        this.results = results;
        this.safeguards = safeguards;
        this.parts =
                new EngineParts(
                        _ -> plan,
                        original.fingerprinter(),
                        original.outputCheck(),
                        new Names(original.identifiers()),
                        original.settings());
        results.forEach(result -> commit(List.of(new Change.PutResult(result))));
        this.core = load(run.createdAt());
    }

    InMemoryStore store() {
        return store;
    }

    private EngineCore load(Instant at) {
        return EngineCore.load(store, parts, safeguards, at);
    }

    void play(TapeEntry entry) {
        Instant at = entry.at();
        named.clear();
        named.addAll(entry.named());
        core.engine().claims.withhold(entry.waits());
        switch (entry.told()) {
            case Told.Anew(Epoch epoch) -> {
                commit(List.of(setting(epoch)));
                core.engine().epoch = epoch;
                hear(at, this::forget);
            }
            case Told.Found(Machine machine) ->
                    hear(at, batch -> core.engine().fleet.found(batch, machine));
            case Told.Lacks(MachineId machine) -> hear(at, batch -> lacks(batch, machine));
            case Told.Began _ -> began(at);
            case Told.Recovered _ -> {
                core = load(at);
                core.engine().claims.withhold(entry.waits());
                commit(core.recover(at).changes());
            }
            case Told.Granted _ ->
                    open().ifPresent(open -> hear(at, batch -> core.engine().granted(batch, open)));
            case Told.RunOverdue _ ->
                    open().ifPresent(open ->
                            hear(at, batch -> core.engine().herald.overdue(batch, open)));
            case Told.OfNode about -> ofNode(at, about);
            case Told.Cancelled(boolean now, String by) ->
                    step(new Input.Cancel(run.id(), now, by), at);
            case Told.Paused(String reason, String by) ->
                    step(new Input.Pause(run.id(), reason, by), at);
            case Told.Resumed(String by) -> step(new Input.Resume(run.id(), by), at);
            case Told.Retried(List<NodeKey> nodes, String by) ->
                    step(new Input.Retry(run.id(), nodes, stored(), by), at);
        }
    }

    private static Change setting(Epoch epoch) {
        return new Change.PutSetting(Epoch.SETTING, Long.toString(epoch.number()));
    }

    private void began(Instant at) {
        Approval approval =
                new Approval(
                        run.planDigest(), "", at, at.plus(Duration.ofDays(1)), Optional.empty());
        step(
                new Input.StartRun(
                        run.planDigest(),
                        plan,
                        approval,
                        List.copyOf(results),
                        run.terms(),
                        run.requestedBy()),
                at);
    }

    private void ofNode(Instant at, Told.OfNode told) {
        Herald herald = core.engine().herald;
        NodeKey key = told.node();
        switch (told) {
            case Told.HandedOut _ ->
                    about(
                            at,
                            key,
                            (batch, host, node) -> {
                                Waiting waiting = host.queue.get(node);
                                if (waiting != null) {
                                    herald.handOut(batch, waiting);
                                }
                            });
            case Told.Started _ -> ofJob(at, key, herald::started);
            case Told.Rebooted _ -> ofJob(at, key, herald::rebooted);
            case Told.Reported report ->
                    ofJob(
                            at,
                            key,
                            (batch, job) -> herald.reported(batch, job, report(job, report)));
            case Told.Lost _ -> ofJob(at, key, herald::lost);
            case Told.Overdue _ -> ofJob(at, key, herald::overdue);
            case Told.GoneUnder _ -> ofJob(at, key, herald::goneUnder);
            case Told.Woken _ ->
                    ref(key).ifPresent(node -> hear(at, batch -> herald.woken(batch, node)));
            case Told.Made _ ->
                    ref(key).ifPresent(node -> hear(at, batch -> herald.made(batch, node)));
            case Told.Allocated _ ->
                    ref(key).ifPresent(node ->
                            hear(
                                    at,
                                    batch ->
                                            open().ifPresent(open ->
                                                    herald.allocated(batch, open, node.node()))));
            case Told.Gone _ -> about(at, key, herald::gone);
            case Told.Booted _ -> about(at, key, herald::booted);
            case Told.Unmade _ ->
                    about(
                            at,
                            key,
                            (batch, host, node) ->
                                    open().ifPresent(open ->
                                            herald.unmade(batch, open, host, node.node())));
            case Told.Refused(_, String code, String detail, boolean retryable) ->
                    about(
                            at,
                            key,
                            (batch, host, node) ->
                                    herald.refused(
                                            batch,
                                            host,
                                            node,
                                            new Input.InstanceFailed(
                                                    host.machine.id(), code, detail, retryable)));
            case Told.Skipped(_, String reason, String by) ->
                    step(new Input.Skip(run.id(), key, reason, stored(), by), at);
            case Told.Resolved(_, boolean happened, var outputs, String by) ->
                    step(new Input.Resolve(run.id(), key, happened, outputs, by), at);
            case Told.Approved(_, String by) -> step(new Input.ApproveMore(run.id(), key, by), at);
            case Told.Tainted(_, String by) ->
                    store.results(run.cluster()).stream()
                            .filter(result -> result.key().equals(key))
                            .forEach(result ->
                                    step(new Input.Taint(result, Optional.empty(), by), at));
        }
    }

    private static Input.Reported report(OpenJob job, Told.Reported told) {
        return new Input.Reported(
                NOBODY,
                job.id(),
                job.record.token(),
                job.record.phase(),
                Outcome.ofWord(told.outcome()).orElseThrow(),
                told.outputs(),
                told.exitCode(),
                told.code(),
                told.detail(),
                "");
    }

    private void forget(Batch batch) {
        Fleet fleet = core.engine().fleet;
        List.copyOf(fleet.hosts()).forEach(host -> fleet.drop(batch, host));
    }

    private void lacks(Batch batch, MachineId machine) {
        Host host = core.engine().fleet.host(machine);
        if (host != null) {
            core.engine().fleet.drop(batch, host);
        }
    }

    private Optional<StoredRun> stored() {
        return open().isPresent()
                ? Optional.empty()
                : Optional.of(StoredRun.read(store, _ -> plan, run.id()));
    }

    private Optional<RunCore> open() {
        return Optional.ofNullable(core.engine().runs.get(run.id()));
    }

    private Optional<NodeRef> ref(NodeKey key) {
        return open().flatMap(open -> open.number(key).map(open::ref));
    }

    @FunctionalInterface
    private interface AboutJob {
        void hear(Batch batch, OpenJob job);
    }

    @FunctionalInterface
    private interface AboutMachine {
        void hear(Batch batch, Host host, NodeRef node);
    }

    private void ofJob(Instant at, NodeKey key, AboutJob hears) {
        OpenJob job = ref(key).map(core.engine().jobs::of).orElse(null);
        if (job != null) {
            hear(at, batch -> hears.hear(batch, job));
        }
    }

    private void about(Instant at, NodeKey key, AboutMachine hears) {
        Optional<NodeRef> node = ref(key);
        Optional<Host> host =
                open().flatMap(open -> {
                    OptionalInt number = open.graph().number(key);
                    return number.isEmpty()
                            ? Optional.empty()
                            : open.members().host(open.graph().planned(number.getAsInt()));
                });
        if (node.isPresent() && host.isPresent()) {
            hear(at, batch -> hears.hear(batch, host.get(), node.get()));
        }
    }

    private void hear(Instant at, Consumer<Batch> hears) {
        Batch batch = new Batch(at);
        hears.accept(batch);
        commit(batch.transition(new Reply.Done()).changes());
    }

    private void step(Input input, Instant at) {
        commit(core.step(input, at).changes());
    }

    private void commit(List<Change> changes) {
        store.commit(changes.stream().filter(DryEngine::counts).toList()).join();
    }

    /// Nobody reads what the dry engine itself was told, and what it has to say.
    private static boolean counts(Change change) {
        return !(change instanceof Change.AppendTape
                || change instanceof Change.KeepReplaced
                || change instanceof Change.AppendEvent);
    }

    /// The names that the engine had made up then.
    private final class Names implements Identifiers {
        private final Identifiers original;
        private int last;

        Names(Identifiers original) {
            this.original = original;
        }

        private <T> T next(Function<String, T> id) {
            @Nullable String then = named.poll();
            return id.apply(then == null ? "replay-" + ++last : then);
        }

        @Override
        public RunId run() {
            return run.id();
        }

        @Override
        public JobId job() {
            return next(JobId::new);
        }

        @Override
        public MachineId machine() {
            return next(MachineId::new);
        }

        @Override
        public String bootToken() {
            return next(id -> id);
        }

        @Override
        public String bootToken(MachineId machine) {
            return original.bootToken(machine);
        }
    }
}
