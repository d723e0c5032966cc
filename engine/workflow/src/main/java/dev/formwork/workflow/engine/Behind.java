package dev.formwork.workflow.engine;

import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What keeps a node of an open run from going on that is not another node of its run: its machine,
/// its mutex, its run, and what these wait for.
final class Behind {
    private static final int MOST_RUNS = 10;
    private static final int MOST_NODES = 3;

    private final EngineState engine;

    Behind(EngineState engine) {
        this.engine = engine;
    }

    /// Why a node that is not BLOCKED is where it is, as things are now.
    String reason(RunCore run, NodeRecord record) {
        if (isAllocation(run, record)) {
            return engine.poolLine.why(ref(run, record), record.reason());
        }
        Optional<Waiting> waiting = waiting(run, record);
        if (waiting.isPresent()) {
            String now = engine.lines.why(waiting.get());
            String said = now.isEmpty() ? record.reason() : now;
            return said.isEmpty() ? "its agent gets it with its next call" : said;
        }
        Optional<Host> host =
                run.number(record.key())
                        .flatMap(node -> run.members().host(run.graph().planned(node)));
        boolean silent =
                record.state() == NodeState.RUNNING && host.isPresent() && !host.get().reachable();
        return silent
                ? record.reason()
                        + (record.reason().isEmpty() ? "" : "; ")
                        + host.get().waiting(false)
                : record.reason();
    }

    private static boolean isAllocation(RunCore run, NodeRecord record) {
        return record.state() == NodeState.WAITING
                && !run.paused()
                && run.graph().planned(run.number(record.key()).orElseThrow()).action()
                        == Action.ALLOCATE;
    }

    private static NodeRef ref(RunCore run, NodeRecord record) {
        return run.ref(run.number(record.key()).orElseThrow());
    }

    private Optional<Waiting> waiting(RunCore run, NodeRecord record) {
        return run.number(record.key())
                .flatMap(node ->
                        run.members()
                                .host(run.graph().planned(node))
                                .map(host -> host.queue.get(run.ref(node))));
    }

    /// The links behind a node that is the end of the chain within its run.
    List<Cause> of(RunCore run, NodeRecord record, int depth) {
        List<Cause> chain = new ArrayList<>();
        boolean idle =
                record.state() == NodeState.BLOCKED
                        || (record.place().isPresent() && record.state() != NodeState.RUNNING);
        Optional<Waiting> waiting = waiting(run, record);
        if (waiting.isPresent()) {
            occupants(waiting.get()).forEach(node -> node(chain, run, node, depth + 1));
        } else if (isAllocation(run, record)) {
            chain.addAll(engine.poolLine.behind(ref(run, record), depth + 1));
        } else if (idle && !run.pace().goesOn()) {
            runs(chain, run, depth + 1);
        } else if (record.state() == NodeState.BLOCKED) {
            run.number(record.key())
                    .filter(run.graph()::isStopped)
                    .flatMap(node -> run.rollbacks().cause(run.graph().planned(node)))
                    .ifPresent(node -> node(chain, run, run.ref(node), depth + 1));
        }
        return chain;
    }

    /// The nodes that have what a node waits for.
    private List<NodeRef> occupants(Waiting waiting) {
        if (engine.lines.waitsForMutex(waiting)) {
            return engine.lines.holders(waiting);
        }
        Host host = waiting.host();
        return host.reachable() && host.free(waiting.parallel()) <= 0
                ? host.occupant(waiting.parallel()).map(job -> job.node).stream().toList()
                : List.of();
    }

    private void node(List<Cause> chain, RunCore asked, NodeRef ref, int depth) {
        RunCore run = engine.runs.get(ref.run());
        if (run == null) {
            return;
        }
        NodeRecord record = run.graph().record(ref.node());
        String subject =
                run == asked ? record.key().toString() : record.key() + " of " + run.words();
        chain.add(
                new Cause(depth, subject, Optional.of(record.state().word()), reason(run, record)));
    }

    /// A run that does not go on, whom it waits for, and what that one does.
    private void runs(List<Cause> chain, RunCore first, int depth) {
        Set<RunCore> seen = new HashSet<>();
        RunCore run = first;
        int at = depth;
        while (run != null && seen.add(run) && seen.size() <= MOST_RUNS) {
            chain.add(
                    new Cause(
                            at++,
                            run.words(),
                            Optional.of(run.record().state().word()),
                            words(run)));
            if (run.record().state() != RunRecord.State.WAITING) {
                if (run != first) {
                    nodes(chain, first, run, at);
                }
                return;
            }
            run = engine.claims.obstacle(run).map(Claims.Obstacle::run).orElse(null);
        }
    }

    private String words(RunCore run) {
        return run.record().state() == RunRecord.State.WAITING
                ? engine.claims
                        .obstacle(run)
                        .map(it -> "it waits for machine " + it.words())
                        .orElse(run.record().reason())
                : run.record().reason();
    }

    /// What a run does that others wait for.
    private void nodes(List<Cause> chain, RunCore asked, RunCore run, int depth) {
        run.graph().active().stream()
                .limit(MOST_NODES)
                .forEach(node -> node(chain, asked, run.ref(node), depth));
    }
}
