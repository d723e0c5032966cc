package dev.formwork.bench.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// Seconds of CPU, user's and system's, as the kernel counts them (proc(5), `stat`; and
/// proc_pid_stat(5), fields 14 to 17).
final class CpuTime {
    /// `USER_HZ`, which is 100 on every architecture that we run on.
    private static final double TICKS = 100;

    private static final int OWN = 11;
    private static final int OF_CHILDREN = 13;

    /// User, nice, system, and the two of interrupts: not idle, and not taken by another guest.
    private static final int[] BUSY = {1, 2, 3, 6, 7};

    private CpuTime() {}

    /// Of a process.
    static double of(ProcessHandle process) throws IOException {
        return ticks(process.pid(), OWN) / TICKS;
    }

    /// Of the children of this process that have ended, with theirs.
    static double ofEndedChildren() throws IOException {
        return ticks(ProcessHandle.current().pid(), OF_CHILDREN) / TICKS;
    }

    /// Of all that runs on this host. Of many short processes one by one the kernel tells too
    /// little: each is rounded down to whole ticks.
    static double ofHost() throws IOException {
        String[] fields = read("stat").lines().findFirst().orElseThrow().split(" +", -1);
        return IntStream.of(BUSY).mapToLong(at -> Long.parseLong(fields[at])).sum() / TICKS;
    }

    /// User's and system's.
    private static long ticks(long pid, int field) throws IOException {
        String stat = read(pid + "/stat");
        // Its name, in brackets before, may have anything in it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1]);
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of("/proc", file), StandardCharsets.ISO_8859_1);
    }
}
