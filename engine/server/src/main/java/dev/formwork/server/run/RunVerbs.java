package dev.formwork.server.run;

import dev.formwork.model.value.Value;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.plan.CompiledPlans;
import dev.formwork.server.shard.ShardKeeper;
import dev.formwork.workflow.engine.Cause;
import dev.formwork.workflow.engine.EngineCore;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.RunShards;
import dev.formwork.workflow.engine.StoredRun;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/// What people do about a run that goes on or stands. Each answers when it is durable. Thread-safe.
public final class RunVerbs {
    private static final Logger LOG = LoggerFactory.getLogger(RunVerbs.class);

    private final EngineLoop loop;
    private final Store store;
    private final CompiledPlans plans;
    private final ShardKeeper shards;

    public RunVerbs(EngineLoop loop, Store store, CompiledPlans plans, ShardKeeper shards) {
        this.loop = loop;
        this.store = store;
        this.plans = plans;
        this.shards = shards;
    }

    /// @param now without a grace for what runs
    void cancel(RunRecord run, boolean now, String by) {
        done(new Input.Cancel(run.id(), now, by));
        log(run, "run cancelled " + (now ? "at once " : "") + "by " + by);
    }

    void pause(RunRecord run, String reason, String by) {
        done(new Input.Pause(run.id(), reason, by));
        log(run, "run paused by " + by);
    }

    void resume(RunRecord run, String by) {
        done(new Input.Resume(run.id(), by));
        log(run, "run resumed by " + by);
    }

    /// @param nodes empty for all that failed or were cancelled
    void retry(RunRecord run, List<NodeKey> nodes, String by) {
        Reply reply =
                shards.submit(
                        () -> shardsOf(run),
                        () -> new Input.Retry(run.id(), nodes, ended(run), by));
        EngineLoop.expect(reply, Reply.class);
        log(run, "run taken up again by " + by);
    }

    void skip(RunRecord run, NodeKey node, String reason, String by) {
        Reply reply =
                shards.submit(
                        () -> shardsOf(run),
                        () -> new Input.Skip(run.id(), node, reason, ended(run), by));
        EngineLoop.expect(reply, Reply.class);
        log(run, node + " skipped by " + by);
    }

    private SortedSet<Shard> shardsOf(RunRecord run) {
        Map<String, Machine> machines = new HashMap<>();
        store.machines().forEach(machine -> machines.put(machine.name(), machine));
        return RunShards.of(
                plans.compiled(run.planDigest()), name -> Optional.ofNullable(machines.get(name)));
    }

    /// The run, where the core does not know it any more.
    private Optional<StoredRun> ended(RunRecord run) {
        boolean open = store.run(run.id()).filter(each -> !each.state().ended()).isPresent();
        return open ? Optional.empty() : Optional.of(StoredRun.read(store, plans, run.id()));
    }

    void resolve(RunRecord run, NodeKey node, boolean happened, Value.Struct outputs, String by) {
        done(new Input.Resolve(run.id(), node, happened, outputs, by));
        log(run, node + (happened ? " happened" : " did not happen") + ", says " + by);
    }

    void approveMore(RunRecord run, NodeKey node, String by) {
        done(new Input.ApproveMore(run.id(), node, by));
        log(run, node + " may do more than was planned, says " + by);
    }

    /// The node first, then what it waits for.
    List<Cause> explain(RunRecord run, NodeKey node) {
        List<Cause> causes = EngineLoop.join(loop.ask(core -> core.explain(run.id(), node)));
        return causes.isEmpty()
                ? EngineCore.explain(StoredRun.read(store, plans, run.id()), node)
                : causes;
    }

    private static void log(RunRecord run, String what) {
        try (MDC.MDCCloseable _ = MDC.putCloseable("run", run.id().value())) {
            LOG.info("{}", what);
        }
    }

    private void done(Input input) {
        EngineLoop.join(loop.call(input, Reply.class));
    }
}
