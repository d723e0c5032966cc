package dev.formwork.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The processes of this host whose environment names a test's folder, or what is below it, as the
/// value of a variable: whoever was started for the folder, however far from the test by now.
public final class FolderProcesses {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private FolderProcesses() {}

    public static List<ProcessHandle> of(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> isToldOf(folder, process.pid()))
                .toList();
    }

    /// Ends them with all that they have started, and returns when none is left: then nobody writes
    /// into the folder any more.
    ///
    /// @throws AssertionError where some are still there after 20 seconds
    public static void end(Path folder) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (List<ProcessHandle> left = of(folder); !left.isEmpty(); left = of(folder)) {
            // A child that becomes another program has no environment for an instant.
            left.forEach(ProcessTree::kill);
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("processes of " + folder + " do not end: " + left);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private static boolean isToldOf(Path folder, long pid) {
        try {
            String environment =
                    Files.readString(
                            Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
            return Arrays.stream(environment.split("\0", -1))
                    .map(variable -> variable.substring(variable.indexOf('=') + 1))
                    .anyMatch(value ->
                            value.equals(folder.toString()) || value.startsWith(folder + "/"));
        } catch (IOException gone) {
            return false;
        }
    }
}
