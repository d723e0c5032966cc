package dev.formwork.provider.host;

import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What is particular to the machines of one provider, for [HostInstances]. Thread-safe; methods
/// that change something are called with the machine's lock held, and tell their [Progress].
public interface MachineKind {
    /// Looks whether a machine can be made as it is wanted; nothing is made yet.
    ///
    /// @throws dev.formwork.model.ProblemException with everything that is wrong
    void check(InstanceRequest request) throws IOException;

    /// What a new machine comes with. Called with the allocation lock held.
    ///
    /// @param others every machine in the directory, of all engines
    Outfit outfit(InstanceRequest request, List<MachineRecord> others) throws IOException;

    /// Makes what the machine needs and starts it; goes on with what an earlier call has done.
    void bringUp(MachineRecord record, InstanceRequest request) throws IOException;

    /// Tells which machines run, by one look at the host.
    Predicate<MachineRecord> running() throws IOException;

    /// The machine, as the engine sees it. Of one that is being removed files may be missing.
    Instance describe(MachineRecord record, InstanceState state) throws IOException;

    /// Removes what a machine has outside its directory. Its processes have ended.
    default void release(MachineHome home) throws IOException {}

    /// What a new machine comes with.
    ///
    /// @param address if the provider gives addresses
    /// @param files that are in its directory from the first moment on: name to content
    record Outfit(@Nullable String address, Map<String, byte[]> files) {
        public Outfit {
            files = Map.copyOf(files);
        }
    }
}
