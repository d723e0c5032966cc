package dev.formwork.server.pool;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.server.plan.PlanService;
import dev.formwork.server.plan.Wish;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.Input;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// Has modules run on machines that came back to their pool: each a run like any other, whose plan
/// the pool consents to, as its operator has when declaring it. What the core asks for twice is
/// done once. Thread-safe.
public final class PoolCleaner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PoolCleaner.class);

    /// Starts the run that cleans a machine.
    @FunctionalInterface
    interface Runs {
        /// @throws ProblemException why none was started; `pool.not-dirty` where another run cleans
        ///   it already
        void start(Effect.CleanMachine wish);
    }

    private final Runs runs;
    private final Consumer<Input> core;
    private final Set<Effect.CleanMachine> underway = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("pool-cleaner-", 0).factory());

    /// @param core is told where no run could be started; must not throw
    public PoolCleaner(PlanService plans, Consumer<Input> core) {
        this(wish -> start(plans, wish), core);
    }

    PoolCleaner(Runs runs, Consumer<Input> core) {
        this.runs = runs;
        this.core = core;
    }

    public void clean(Effect.CleanMachine wish) {
        if (underway.add(wish)) {
            threads.execute(() -> {
                try {
                    runs.start(wish);
                    LOG.info("{} cleans {} of pool {}", wish.module(), wish.name(), wish.pool());
                } catch (ProblemException e) {
                    failed(wish, e);
                } catch (RuntimeException e) {
                    // Nobody else would look after the machine again.
                    LOG.error("cannot clean {}", wish.name(), e);
                    failed(wish, "server.internal", e.toString(), true);
                } finally {
                    underway.remove(wish);
                }
            });
        }
    }

    private static void start(PlanService plans, Effect.CleanMachine wish) {
        String digest =
                plans.make(
                                new Wish(
                                        new Wish.Goal.RunModule(
                                                wish.module(),
                                                List.of(wish.name()),
                                                Optional.empty(),
                                                Value.Struct.EMPTY),
                                        List.of(),
                                        false))
                        .digest();
        plans.startCleaning(digest, wish.machine(), "pool " + wish.pool());
    }

    private void failed(Effect.CleanMachine wish, ProblemException e) {
        Problem problem = e.problems().getFirst();
        if (threads.isShutdown() || problem.code().equals("pool.not-dirty")) {
            return; // The next engine asks again; another run cleans it already.
        }
        LOG.warn("cannot clean {}: {}", wish.name(), problem);
        failed(wish, problem.code(), problem.detail(), isPassing(problem.code()));
    }

    /// Whether it may go well in a moment: not the module is to blame, but other engines or the
    /// store.
    private static boolean isPassing(String code) {
        return code.startsWith("engine.") || code.startsWith("store.");
    }

    private void failed(Effect.CleanMachine wish, String code, String detail, boolean again) {
        core.accept(new Input.InstanceFailed(wish.machine(), code, detail, again));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
