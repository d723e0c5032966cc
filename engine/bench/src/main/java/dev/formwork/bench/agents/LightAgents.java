package dev.formwork.bench.agents;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The program in the process of the agents: each on virtual threads of its own. Ends with its
/// standard input.
final class LightAgents {
    private LightAgents() {}

    /// @param arguments where the engines are, with commas; a file with a credential in each line;
    ///   the least and the most milliseconds that a job takes; a file that gets a line for each job
    ///   that is begun, or nothing
    public static void main(String[] arguments) throws IOException {
        List<URI> engines = Arrays.stream(arguments[0].split(",", -1)).map(URI::create).toList();
        List<String> credentials = Files.readAllLines(Path.of(arguments[1]));
        Supplier<Executor> pace = pace(Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
        Consumer<String> began = arguments.length > 4 ? journal(Path.of(arguments[4])) : _ -> {};
        for (int i = 0; i < credentials.size(); i++) {
            LightAgent agent = new LightAgent(engines, i, credentials.get(i), pace, began);
            Thread.ofVirtual().start(() -> run(agent));
        }
        int end = System.in.read();
        System.exit(end < 0 ? 0 : 1);
    }

    private static void run(LightAgent agent) {
        try {
            agent.run();
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    private static Consumer<String> journal(Path file) throws IOException {
        PrintStream lines =
                new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8);
        return lines::println;
    }

    private static Supplier<Executor> pace(long least, long most) {
        return () -> {
            long took = least == most ? least : ThreadLocalRandom.current().nextLong(least, most);
            Executor now = Thread::startVirtualThread;
            return took == 0
                    ? now
                    : CompletableFuture.delayedExecutor(took, TimeUnit.MILLISECONDS, now);
        };
    }
}
