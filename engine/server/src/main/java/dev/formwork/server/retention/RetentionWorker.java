package dev.formwork.server.retention;

import dev.formwork.model.ProblemException;
import dev.formwork.server.module.PackStore;
import dev.formwork.server.plan.PlanService;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Applies the retention policy now and then, on a thread of its own, from [#start] to [#close].
public final class RetentionWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionWorker.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final Retention retention;
    private final Clock clock;
    private final BooleanSupplier ours;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("retention").unstarted(this::work);

    /// @param ours whether it is this engine's turn: where several share a store, one of them does
    ///   it
    public RetentionWorker(
            Store store,
            PlanService plans,
            PackStore packs,
            RetentionPolicy policy,
            Clock clock,
            BooleanSupplier ours) {
        this.ours = ours;
        this.retention = new Retention(store, plans::forgetUnused, packs::forgetUnused, policy);
        this.clock = clock;
    }

    public void start() {
        thread.start();
    }

    private void work() {
        try {
            do {
                if (ours.getAsBoolean()) {
                    pass();
                }
            } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private void pass() {
        try {
            Retention.Forgotten forgotten =
                    retention.pass(clock.instant(), () -> closed.getCount() > 0);
            if (!forgotten.isNothing()) {
                LOG.info(
                        "forgot {} runs, {} plans, {} events and {} trees of files that are no longer kept",
                        forgotten.runs(),
                        forgotten.plans(),
                        forgotten.events(),
                        forgotten.files());
            }
        } catch (ProblemException e) {
            // The store takes nothing; the engine tells that, and another pass comes.
            LOG.warn("nothing was forgotten: {}", e.getMessage());
        }
    }

    /// Waits for the commit that is under way.
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
