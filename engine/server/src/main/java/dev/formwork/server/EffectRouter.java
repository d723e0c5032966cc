package dev.formwork.server;

import dev.formwork.model.MachineId;
import dev.formwork.server.agent.PollDesk;
import dev.formwork.server.loop.EffectSink;
import dev.formwork.server.metrics.EngineMetrics;
import dev.formwork.server.pool.PoolCleaner;
import dev.formwork.server.provider.ProviderWorker;
import dev.formwork.workflow.engine.Effect;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import java.util.function.Consumer;

/// Takes each effect to whoever does it.
final class EffectRouter implements EffectSink {
    private static final Logger LOG = LoggerFactory.getLogger(EffectRouter.class);

    private final PollDesk desk;
    private final ProviderWorker worker;
    private final PoolCleaner cleaner;
    private final Consumer<MachineId> restartOwnAgent;
    private final EngineMetrics metrics;

    EffectRouter(
            PollDesk desk,
            ProviderWorker worker,
            PoolCleaner cleaner,
            Consumer<MachineId> restartOwnAgent,
            EngineMetrics metrics) {
        this.desk = desk;
        this.worker = worker;
        this.cleaner = cleaner;
        this.restartOwnAgent = restartOwnAgent;
        this.metrics = metrics;
    }

    @Override
    public void foresee(Effect effect) {
        if (effect instanceof Effect.WakeAgent(MachineId machine)) {
            desk.wake(machine);
        }
    }

    @Override
    public void perform(Effect effect) {
        switch (effect) {
            case Effect.CreateInstance wish -> worker.create(wish);
            case Effect.RemoveInstance wish -> worker.remove(wish);
            case Effect.SwitchPower wish -> worker.power(wish);
            case Effect.CleanMachine wish -> cleaner.clean(wish);
            case Effect.RestartAgent wish -> {
                if (wish.provider().isPresent()) {
                    worker.restartAgent(wish.machine(), wish.provider().get(), wish.reference());
                } else {
                    restartOwnAgent.accept(wish.machine());
                }
            }
            case Effect.WakeAgent _ -> {
                // Its poll was woken when this was foreseen.
            }
            case Effect.RunEnded ended -> {
                metrics.runEnded(ended.state());
                try (MDC.MDCCloseable _ = MDC.putCloseable("run", ended.run().value())) {
                    LOG.info("run of {} {}", ended.cluster(), ended.state().word());
                }
            }
        }
    }
}
