package dev.formwork.testkit;

import java.util.List;
import java.util.stream.Stream;

/// A process and what it has started.
public final class ProcessTree {
    private ProcessTree() {}

    /// Kills a process and, after it, its descendants: one that still lives may start another child
    /// in place of one that was killed, as nginx does, and nobody would ever end that.
    public static void kill(ProcessHandle process) {
        List<ProcessHandle> below = process.descendants().toList();
        Stream.concat(Stream.of(process), below.stream()).forEach(ProcessHandle::destroyForcibly);
    }
}
