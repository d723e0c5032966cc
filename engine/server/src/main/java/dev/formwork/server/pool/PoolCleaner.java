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

    private final PlanService plans;
    private final Consumer<Input> core;
    private final Set<Effect.CleanMachine> underway = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("pool-cleaner-", 0).factory());

    /// @param core is told where no run could be started; must not throw
    public PoolCleaner(PlanService plans, Consumer<Input> core) {
        this.plans = plans;
        this.core = core;
    }

    public void clean(Effect.CleanMachine wish) {
        if (underway.add(wish)) {
            threads.execute(() -> {
                try {
                    start(wish);
                } catch (ProblemException e) {
                    failed(wish, e);
                } finally {
                    underway.remove(wish);
                }
            });
        }
    }

    private void start(Effect.CleanMachine wish) {
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
        LOG.info("{} cleans {} of pool {}", wish.module(), wish.name(), wish.pool());
    }

    private void failed(Effect.CleanMachine wish, ProblemException e) {
        Problem problem = e.problems().getFirst();
        if (threads.isShutdown() || problem.code().equals("pool.not-dirty")) {
            return; // The next engine asks again; another run cleans it already.
        }
        LOG.warn("cannot clean {}: {}", wish.name(), problem);
        core.accept(
                new Input.InstanceFailed(wish.machine(), problem.code(), problem.detail(), false));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
