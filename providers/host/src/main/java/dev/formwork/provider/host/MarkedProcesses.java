package dev.formwork.provider.host;

import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.host.ProcessTable.Entry;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// The processes of a machine: those with its mark in the environment they were started with, and
/// their living descendants. Thread-safe.
public final class MarkedProcesses {
    private static final Duration KILLED_BY_THEN = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final ProcessTable table;
    private final Marks marks;
    private final Duration grace;

    /// @param grace how long a process has between TERM and KILL
    public MarkedProcesses(ProcessTable table, Marks marks, Duration grace) {
        this.table = table;
        this.marks = marks;
        this.grace = grace;
    }

    /// The variables by which a process says whose it is.
    ///
    /// @param machine each holds the machine's id
    /// @param directory each holds the machine's directory, or one in it
    public record Marks(List<String> machine, List<String> directory) {
        public Marks {
            machine = List.copyOf(machine);
            directory = List.copyOf(directory);
        }
    }

    /// How sure we must be that a process with the machine's id is of this machine: ids are unique,
    /// but a reference that comes back is not to be believed.
    public enum Proof {
        /// It does not say that it belongs to another directory.
        NOT_ANOTHERS,
        /// It says that it belongs to this directory.
        OURS
    }

    public boolean any(MachineHome machine) {
        return any(machine, table.all());
    }

    /// For asking about many machines at one look.
    public List<Entry> snapshot() {
        return table.all();
    }

    /// Whether one was among them.
    public boolean any(MachineHome machine, List<Entry> snapshot) {
        return snapshot.stream().anyMatch(entry -> marked(entry, machine, Proof.NOT_ANOTHERS));
    }

    /// Ends all processes of a machine: TERM, and after the grace KILL, until none is left.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.partial` where some live on,
    ///   `provider.interrupted`
    public void endAll(MachineHome machine, Proof proof) {
        List<Entry> seen = new ArrayList<>();
        end(
                "machine " + machine.machine(),
                () -> {
                    for (Entry entry : of(machine, proof)) {
                        if (seen.stream().noneMatch(entry::is)) {
                            seen.add(entry);
                        }
                    }
                    // A descendant whose ancestors are gone is found no more, but remembered.
                    seen.removeIf(entry -> !table.lives(entry));
                    return List.copyOf(seen);
                });
    }

    /// Ends one process, in the same way.
    public void end(Entry process) {
        end("process " + process.pid(), () -> table.lives(process) ? List.of(process) : List.of());
    }

    /// Waits until a process has ended by itself, but no longer than that.
    public void awaitEnd(Entry process, Duration patience) {
        awaitEnd(() -> table.lives(process) ? List.of(process) : List.of(), patience);
    }

    /// Waits until all processes of a machine have ended by themselves, but no longer than that.
    public void awaitEnd(MachineHome machine, Proof proof, Duration patience) {
        awaitEnd(() -> of(machine, proof), patience);
    }

    private static void awaitEnd(Supplier<List<Entry>> alive, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (List<Entry> left = alive.get();
                !left.isEmpty() && System.nanoTime() - deadline < 0;
                left = alive.get()) {
            awaitEnd(left, deadline);
        }
    }

    private void end(String what, Supplier<List<Entry>> alive) {
        List<Entry> told = new ArrayList<>();
        boolean killing = false;
        long deadline = System.nanoTime() + grace.toNanos();
        for (List<Entry> left = alive.get(); !left.isEmpty(); left = alive.get()) {
            if (System.nanoTime() - deadline >= 0) {
                if (killing) {
                    throw ProviderCode.PARTIAL.problem(
                            "%s: processes %s do not end"
                                    .formatted(what, left.stream().map(Entry::pid).toList()),
                            "see what keeps them, with ps and dmesg");
                }
                killing = true;
                deadline = System.nanoTime() + KILLED_BY_THEN.toNanos();
            }
            for (Entry process : left) {
                if (killing || told.stream().noneMatch(process::is)) {
                    told.add(process);
                    signal(process, killing);
                }
            }
            awaitEnd(left, deadline);
        }
    }

    private void signal(Entry process, boolean kill) {
        Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
        // The handle knows the start of whom it was made for; so do we, if it is the same.
        if (handle.isPresent() && table.lives(process)) {
            if (kill) {
                handle.get().destroyForcibly();
            } else {
                handle.get().destroy();
            }
        }
    }

    /// Waits until they have ended, but not long: a zombie that nobody reaps never does.
    private static void awaitEnd(List<Entry> processes, long deadline) {
        CompletableFuture<?>[] ends =
                processes.stream()
                        .flatMap(process -> ProcessHandle.of(process.pid()).stream())
                        .map(ProcessHandle::onExit)
                        .toArray(CompletableFuture<?>[]::new);
        long patience = Math.max(1, Math.min(LOOK_AGAIN.toNanos(), deadline - System.nanoTime()));
        try {
            CompletableFuture.allOf(ends).get(patience, TimeUnit.NANOSECONDS);
        } catch (TimeoutException lookAgain) {
            return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            Progress.unlessInterrupted("wait for processes to end");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private List<Entry> of(MachineHome machine, Proof proof) {
        List<Entry> all = table.all();
        Deque<Entry> pending = new ArrayDeque<>();
        for (Entry entry : all) {
            if (marked(entry, machine, proof)) {
                pending.add(entry);
            }
        }
        long self = ProcessHandle.current().pid();
        List<Entry> found = new ArrayList<>();
        while (!pending.isEmpty()) {
            Entry next = pending.remove();
            if (next.pid() == self || found.contains(next)) {
                continue;
            }
            found.add(next);
            for (Entry entry : all) {
                if (entry.parent() == next.pid()) {
                    pending.add(entry);
                }
            }
        }
        return found;
    }

    private boolean marked(Entry entry, MachineHome machine, Proof proof) {
        if (marks.machine().stream().noneMatch(name -> entry.has(name + "=" + machine.machine()))) {
            return false;
        }
        String ours = machine.path().toString();
        boolean says = false;
        for (String assignment : entry.environment()) {
            int equals = assignment.indexOf('=');
            if (equals > 0 && marks.directory().contains(assignment.substring(0, equals))) {
                says = true;
                String directory = assignment.substring(equals + 1);
                if (directory.equals(ours) || directory.startsWith(ours + "/")) {
                    return true;
                }
            }
        }
        return switch (proof) {
            case NOT_ANOTHERS -> !says;
            case OURS -> false;
        };
    }
}
