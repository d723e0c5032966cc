package dev.formwork.provider.tck;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.Provider;

import java.util.List;
import java.util.Map;

/// One place that machines come from, for one test: empty at first, and the same for every provider
/// that is opened on it.
public interface ProviderBench extends AutoCloseable {
    /// Opens a provider on the place, as one more process of this engine would.
    Provider open(EngineId engine);

    /// Opens a provider that dies: of the steps by which its operations change the place, it takes
    /// `steps` (0 is none), and throws [SimulatedCrash] instead of the next. What it took stays, as
    /// after `kill -9` of the engine. The death between the last step and the answer is one of
    /// them: it is what a lost answer looks like.
    ///
    /// A provider over a network does this in its HTTP client: the request that is never sent, and
    /// the response that is never read.
    Provider openDying(EngineId engine, int steps);

    /// What is left in the place of a machine, found without the provider: processes, files, disks,
    /// addresses. One line each, for people.
    List<String> remainsOf(MachineId machine);

    /// A spec with which `create` succeeds.
    default Value.Struct spec() {
        return Value.Struct.EMPTY;
    }

    /// What the place cannot promise, each with the reason. The kit then checks that the promise is
    /// broken indeed, so that a deviation that is mended is noticed.
    default Map<Promise, String> deviations() {
        return Map.of();
    }

    /// Removes all that the test made, whatever state it is in. Called after each test.
    @Override
    void close();
}
