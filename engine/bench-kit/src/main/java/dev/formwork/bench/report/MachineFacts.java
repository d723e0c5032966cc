package dev.formwork.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What figures hang on besides the code.
///
/// @param heapMegabytes the most the JVM takes
/// @param fileSystem of the directory the databases are in
/// @param forceMicroseconds median of appending 4 KiB to a file there and forcing it to the disk
/// @param loadAverage of the last minute, when the benchmark began: what else the machine did
public record MachineFacts(
        int cores,
        String cpu,
        long memoryMegabytes,
        String os,
        String jdk,
        long heapMegabytes,
        String fileSystem,
        double forceMicroseconds,
        double loadAverage) {
    private static final int FORCES = 200;

    public static MachineFacts of(Path directory) throws IOException {
        return new MachineFacts(
                Runtime.getRuntime().availableProcessors(),
                line(Path.of("/proc/cpuinfo"), "model name"),
                kilobytes(line(Path.of("/proc/meminfo"), "MemTotal")) / 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor.version", System.getProperty("java.vendor"))
                        + " "
                        + Runtime.version(),
                Runtime.getRuntime().maxMemory() >> 20,
                Files.getFileStore(directory).type(),
                force(directory),
                loadNow());
    }

    /// Of the last minute; negative where the system does not tell.
    public static double loadNow() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return Series.rounded(load, 2);
    }

    /// The first lines of a report.
    ///
    /// @param load of the last minute, in the end
    public String heading(String command, Instant at, double load) {
        return "%s, %s%n%d cores (%s), %d MB, %s, heap %d MB, %s, load %.1f -> %.1f; 4 KiB forced to the disk in %.0f us%n"
                .formatted(
                        command,
                        at,
                        cores,
                        cpu,
                        memoryMegabytes,
                        jdk,
                        heapMegabytes,
                        fileSystem,
                        loadAverage,
                        load,
                        forceMicroseconds);
    }

    private static double force(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "force", "");
        List<Double> times = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < FORCES; i++) {
                ByteBuffer page = ByteBuffer.allocate(4096);
                long began = System.nanoTime();
                while (page.hasRemaining()) {
                    channel.write(page);
                }
                channel.force(false);
                times.add((System.nanoTime() - began) / 1e3);
            }
        } finally {
            Files.delete(file);
        }
        return Series.rounded(Series.percentile(times, 50), 1);
    }

    private static String line(Path file, String name) throws IOException {
        if (!Files.isReadable(file)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    private static long kilobytes(String size) {
        String digits = size.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }
}
