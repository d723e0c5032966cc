package dev.formwork.bench.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.server.loop.EffectSink;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.loop.LoopMetrics;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.EngineCore;
import dev.formwork.workflow.engine.EngineParts;
import dev.formwork.workflow.engine.EngineSettings;
import dev.formwork.workflow.engine.Identifiers;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Whole runs through the engine's core, its loop and the store, with simulated agents.
public final class LoopRate implements AutoCloseable {
    private final Store store;
    private final Clock clock;
    private final CountedCore core;
    private final EngineLoop loop;
    private final SimulatedAgents agents;
    private volatile CompletableFuture<RunRecord.State> ended = new CompletableFuture<>();
    private int runs;

    public LoopRate(Store store, SecretSealer sealer, Clock clock, int machines) {
        this.store = store;
        this.clock = clock;
        EngineParts parts =
                new EngineParts(
                        digest -> {
                            throw new IllegalStateException("nothing is recovered: " + digest);
                        },
                        new Fingerprinter(sealer::mac),
                        (_, _) -> List.of(),
                        new Numbers(),
                        settings());
        this.core = new CountedCore(EngineCore.load(store, parts, clock.instant()));
        CompletableFuture<SimulatedAgents> woken = new CompletableFuture<>();
        this.loop =
                new EngineLoop(
                        core,
                        store,
                        new EffectSink() {
                            @Override
                            public void perform(Effect effect) {
                                LoopRate.this.perform(effect);
                            }

                            @Override
                            public void foresee(Effect effect) {
                                if (effect instanceof Effect.WakeAgent(MachineId machine)) {
                                    woken.join().wake(machine);
                                }
                            }
                        },
                        clock,
                        LoopMetrics.NONE,
                        EngineLoop.Limits.STANDARD);
        loop.start();
        this.agents = new SimulatedAgents(loop, machines, why -> ended.completeExceptionally(why));
        woken.complete(agents);
    }

    public SimulatedAgents agents() {
        return agents;
    }

    /// As usual, but agents may be silent for a day: those that are simulated call only when there
    /// is something for them, and on a busy machine a large fleet takes its time.
    private static EngineSettings settings() {
        EngineSettings usual = EngineSettings.STANDARD;
        return new EngineSettings(
                Duration.ofDays(1),
                usual.bootDeadline(),
                usual.grace(),
                usual.reportGrace(),
                usual.engineJobs(),
                usual.providerAttempts(),
                usual.providerBackoff(),
                usual.interruptions(),
                usual.logBytes());
    }

    /// One run.
    ///
    /// @param start until the run and all its nodes are stored
    /// @param work from then on, until its end is stored
    /// @param transitions step transitions in `work`
    public record Timing(Duration start, Duration work, long transitions) {
        public double transitionsPerSecond() {
            return transitions / seconds(work);
        }

        /// @param nodes of the run
        public double nodesPerSecond(int nodes) {
            return nodes / (seconds(start) + seconds(work));
        }

        private static double seconds(Duration time) {
            return time.toNanos() / 1e9;
        }
    }

    public Timing round(int nodes) {
        runs++;
        String cluster = "bench-" + runs;
        String digest = "sha256:" + cluster;
        Instant now = clock.instant();
        GeneratedPlan plan = GeneratedPlan.of(cluster, agents.names(), nodes);
        Approval approval =
                new Approval(digest, "bench", now, now.plus(Duration.ofDays(1)), Optional.empty());
        EngineLoop.join(
                store.commit(
                        List.of(
                                new Change.PutPlan(digest, plan.plan(), now),
                                new Change.PutApproval(approval))));
        ended = new CompletableFuture<>();
        core.takeCount();
        long began = System.nanoTime();
        EngineLoop.join(
                loop.call(
                        new Input.StartRun(
                                digest,
                                plan,
                                approval,
                                List.of(),
                                RunRecord.Terms.STANDARD,
                                "bench"),
                        Reply.RunStarted.class));
        long started = System.nanoTime();
        RunRecord.State state = EngineLoop.join(ended);
        long over = System.nanoTime();
        if (state != RunRecord.State.SUCCEEDED) {
            throw new IllegalStateException("the run of " + cluster + " " + state.word());
        }
        return new Timing(
                Duration.ofNanos(started - began),
                Duration.ofNanos(over - started),
                core.takeCount());
    }

    @Override
    public void close() {
        loop.close();
        agents.close();
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.WakeAgent _ -> {
                // Woken when it was foreseen.
            }
            case Effect.RunEnded(_, _, RunRecord.State state) -> ended.complete(state);
            case Effect.CreateInstance _,
                    Effect.RemoveInstance _,
                    Effect.SwitchPower _,
                    Effect.CleanMachine _,
                    Effect.RestartAgent _ ->
                    ended.completeExceptionally(
                            new IllegalStateException("not asked for here: " + effect));
        }
    }

    /// Names in a row.
    private static final class Numbers implements Identifiers {
        private int last;

        @Override
        public RunId run() {
            return new RunId("r-" + next());
        }

        @Override
        public JobId job() {
            return new JobId("j-" + next());
        }

        @Override
        public MachineId machine() {
            return new MachineId("m-" + next());
        }

        @Override
        public String bootToken() {
            return "token-" + next();
        }

        @Override
        public String bootToken(MachineId machine) {
            return "token-of-" + machine;
        }

        private String next() {
            last++;
            return "%020x".formatted(last);
        }
    }
}
