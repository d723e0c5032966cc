package dev.formwork.bench.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Seconds of CPU, user's and system's, as the kernel counts them (proc_pid_stat(5), fields 14 to
/// 17).
final class CpuTime {
    /// `USER_HZ`, which is 100 on every architecture that we run on.
    private static final double TICKS = 100;

    private static final int OWN = 11;
    private static final int OF_CHILDREN = 13;

    private CpuTime() {}

    /// Of a process and all that descends from it, with those that have ended meanwhile.
    static double ofTree(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants())
                        .mapToLong(each -> ticks(each.pid(), OWN) + ticks(each.pid(), OF_CHILDREN))
                        .sum()
                / TICKS;
    }

    /// Of the children of this process that have ended, with theirs.
    static double ofEndedChildren() {
        return ticks(ProcessHandle.current().pid(), OF_CHILDREN) / TICKS;
    }

    /// User's and system's; 0 where the process is gone.
    private static long ticks(long pid, int field) {
        try {
            String stat =
                    Files.readString(
                            Path.of("/proc", Long.toString(pid), "stat"),
                            StandardCharsets.ISO_8859_1);
            // Its name, in brackets before, may have anything in it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return LongStream.of(Long.parseLong(fields[field]), Long.parseLong(fields[field + 1]))
                    .sum();
        } catch (IOException _) {
            return 0;
        }
    }
}
