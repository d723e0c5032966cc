package dev.formwork.provider.host;

import dev.formwork.model.EngineId;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderContext;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/// What all capabilities of the provider share: which machines are this engine's, the locks, and
/// how a failure of the file system is told. Thread-safe.
public final class OwnMachines {
    private final String provider;
    private final EngineId engine;
    private final MachineStore store;
    private final HostLocks locks;
    private volatile boolean closed;

    /// @param provider its name
    private OwnMachines(String provider, EngineId engine, MachineStore store, HostLocks locks) {
        this.provider = provider;
        this.engine = engine;
        this.store = store;
        this.locks = locks;
    }

    /// Those of a directory, which is made ready for use.
    ///
    /// @param data where they are: a real path
    /// @param making makes what else the provider keeps on the host
    public static OwnMachines open(
            ProviderContext context,
            HostCodes codes,
            Path data,
            Progress progress,
            Operation<?> making) {
        MachineStore store = new MachineStore(codes, data, progress);
        HostLocks locks = new HostLocks(data.resolve("locks"));
        OwnMachines machines = new OwnMachines(context.name(), context.engine(), store, locks);
        machines.run(
                "open provider " + context.name(),
                () -> {
                    making.run();
                    try (HostLocks.Held _ = locks.allocation()) {
                        store.prepare();
                    }
                    return data;
                });
        return machines;
    }

    /// What is done to a machine that nobody else changes meanwhile.
    @FunctionalInterface
    public interface Change {
        void make(MachineRecord record) throws IOException;
    }

    /// What may fail as the file system does.
    @FunctionalInterface
    public interface Operation<T> {
        T run() throws IOException;
    }

    public String provider() {
        return provider;
    }

    public EngineId engine() {
        return engine;
    }

    public MachineStore store() {
        return store;
    }

    public HostLocks locks() {
        return locks;
    }

    public void close() {
        closed = true;
    }

    /// Runs an operation, with what goes wrong below told in the provider's codes.
    public <T> T run(String what, Operation<T> operation) {
        if (closed) {
            throw ProviderCode.CLOSED.problem("provider %s was closed".formatted(provider), null);
        }
        Progress.unlessInterrupted(what);
        try {
            return operation.run();
        } catch (IOException failed) {
            throw told(what, failed);
        } catch (UncheckedIOException failed) {
            throw told(
                    what, failed.getCause() == null ? new IOException(failed) : failed.getCause());
        }
    }

    /// Changes a machine that is neither half-made nor half-removed, under its lock.
    ///
    /// @throws dev.formwork.model.ProblemException as [#requireReady], and what the change throws
    public void change(String what, InstanceRef ref, Change change) {
        run(
                what,
                () -> {
                    MachineRecord wanted = require(ref);
                    try (HostLocks.Held _ = locks.machine(wanted.machine())) {
                        change.make(requireReady(ref));
                        return ref;
                    }
                });
    }

    private static RuntimeException told(String what, IOException failed) {
        if (Thread.currentThread().isInterrupted()) {
            return ProviderCode.INTERRUPTED.problem(
                    "interrupted during: " + what, "ask again under the same token", failed);
        }
        String reason =
                failed instanceof FileSystemException fs && fs.getReason() != null
                        ? fs.getReason()
                        : String.valueOf(failed.getMessage());
        if (reason.contains("No space left") || reason.contains("quota")) {
            return ProviderCode.QUOTA.problem(
                    "%s: the disk is full: %s".formatted(what, failed.getMessage()),
                    "make room and ask again",
                    failed);
        }
        return ProviderCode.UNAVAILABLE.problem(
                "%s: %s".formatted(what, failed), "see that the directory can be written", failed);
    }

    /// The machine behind a reference, if it is there and this engine's.
    public Optional<MachineRecord> find(InstanceRef ref) throws IOException {
        Optional<MachineRef> ours = MachineRef.parse(ref);
        return ours.isEmpty()
                ? Optional.empty()
                : store.read(ours.get().machine())
                        .filter(record -> record.ref().equals(ref.value()))
                        .filter(record -> record.isOf(engine));
    }

    /// @throws dev.formwork.model.ProblemException `provider.not-found`
    public MachineRecord require(InstanceRef ref) throws IOException {
        return find(ref)
                .orElseThrow(() ->
                        ProviderCode.NOT_FOUND.problem(
                                "provider %s has no instance %s".formatted(provider, ref), null));
    }

    /// @throws dev.formwork.model.ProblemException `provider.not-found`; `provider.conflict` where
    ///   it is half-made or half-removed
    public MachineRecord requireReady(InstanceRef ref) throws IOException {
        MachineRecord record = require(ref);
        return switch (record.phase()) {
            case READY -> record;
            case CREATING ->
                    throw ProviderCode.CONFLICT.problem(
                            "instance %s is half-made".formatted(ref),
                            "repeat its create, or delete it");
            case DELETING ->
                    throw ProviderCode.CONFLICT.problem(
                            "instance %s is being deleted".formatted(ref), null);
        };
    }

    public MachineHome home(MachineRecord record) {
        return store.home(record.id());
    }
}
