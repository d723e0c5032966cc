package dev.formwork.provider.tck;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.provider.Instance;
import dev.formwork.provider.Provider;
import dev.formwork.provider.tck.BrokenProvider.Moment;
import dev.formwork.provider.tck.BrokenProvider.Operation;

import java.time.Clock;
import java.util.List;

/// A cloud in memory changes in one step per operation, so an engine dies before it or after.
final class InMemoryBench implements ProviderBench {
    private final InMemoryCloud cloud = new InMemoryCloud(Clock.systemUTC());

    InMemoryCloud cloud() {
        return cloud;
    }

    @Override
    public Provider open(EngineId engine) {
        return cloud.open("memory", engine);
    }

    @Override
    public Provider openDying(EngineId engine, int steps) {
        BrokenProvider dying = new BrokenProvider(open(engine));
        if (steps < 2) {
            Moment moment = steps == 0 ? Moment.BEFORE : Moment.AFTER;
            dying.crashNext(Operation.CREATE, moment);
            dying.crashNext(Operation.DELETE, moment);
        }
        return dying;
    }

    @Override
    public List<String> remainsOf(MachineId machine) {
        return cloud.instances().stream()
                .filter(instance -> instance.machine().equals(machine))
                .map(Instance::toString)
                .toList();
    }

    @Override
    public void close() {}
}
